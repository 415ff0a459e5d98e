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
 */
public record Grants(List<String> args, Map<String, String> env, List<Directory> directories) {
  public Grants {
    args = List.copyOf(args);
    env = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(env));
    directories = List.copyOf(directories);
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
