package dev.dunlin.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a guest is given. Whatever is not named here it has not: no file, no variable, no network.
 * Clocks and random numbers are always there.
 *
 * @param args arguments; the first is the command's name
 * @param env environment variables, in the order that the guest sees
 * @param directories folders of the host that the guest sees as preopened directories
 * @param allowedHosts where the guest may connect to: {@code HOST[:PORT]}, where HOST is a name,
 *     {@code *.suffix}, {@code *}, an address, or a CIDR block; none: no network. Link-local,
 *     metadata and loopback addresses only when granted by address (or as {@code localhost})
 */
public record Grants(
    List<String> args,
    Map<String, String> env,
    List<Directory> directories,
    List<String> allowedHosts) {
  public Grants {
    args = List.copyOf(args);
    env = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(env));
    directories = List.copyOf(directories);
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** Without network. */
  public Grants(List<String> args, Map<String, String> env, List<Directory> directories) {
    this(args, env, directories, List.of());
  }

  /** Nothing at all. */
  public static Grants none() {
    return new Grants(List.of(), Map.of(), List.of());
  }

  /**
   * A folder of the host under a path of the guest. Nothing outside {@code host} can be reached
   * through it, by any path or link.
   *
   * @param guest absolute path in the guest
   */
  public record Directory(Path host, String guest, boolean readOnly) {}
}
