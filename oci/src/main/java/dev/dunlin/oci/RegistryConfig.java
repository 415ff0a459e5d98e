package dev.dunlin.oci;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How registries are reached. Immutable; begin with {@link #defaults()} and change what differs.
 *
 * @param plainHttpRegistries {@code host:port} of registries and mirrors that speak http; every
 *     other one is https
 * @param mirrors by registry ({@code docker.io}), the {@code host[:port]}s to ask before it, in
 *     order
 * @param caBundle PEM file of certificates to trust besides the system's
 */
public record RegistryConfig(
    Set<String> plainHttpRegistries,
    Map<String, List<String>> mirrors,
    @Nullable Path caBundle,
    RegistryLimits limits,
    RegistryTimeouts timeouts) {
  public RegistryConfig {
    plainHttpRegistries = Set.copyOf(plainHttpRegistries);
    var copy = new HashMap<String, List<String>>();
    mirrors.forEach((registry, hosts) -> copy.put(registry, List.copyOf(hosts)));
    mirrors = Map.copyOf(copy);
  }

  /** Https everywhere, the system's certificates, no mirrors. */
  public static RegistryConfig defaults() {
    return new RegistryConfig(
        Set.of(), Map.of(), null, RegistryLimits.DEFAULT, RegistryTimeouts.DEFAULT);
  }

  /** With {@code hostAndPort} spoken to over plain http. */
  public RegistryConfig withPlainHttp(String hostAndPort) {
    var more = new HashSet<>(plainHttpRegistries);
    more.add(hostAndPort);
    return new RegistryConfig(more, mirrors, caBundle, limits, timeouts);
  }

  /** With {@code hostAndPort} asked before {@code registry}, after the mirrors named already. */
  public RegistryConfig withMirror(String registry, String hostAndPort) {
    var more = new HashMap<>(mirrors);
    var hosts = new ArrayList<>(mirrors.getOrDefault(registry, List.of()));
    hosts.add(hostAndPort);
    more.put(registry, hosts);
    return new RegistryConfig(plainHttpRegistries, more, caBundle, limits, timeouts);
  }

  public RegistryConfig withCaBundle(@Nullable Path pemFile) {
    return new RegistryConfig(plainHttpRegistries, mirrors, pemFile, limits, timeouts);
  }

  public RegistryConfig withLimits(RegistryLimits other) {
    return new RegistryConfig(plainHttpRegistries, mirrors, caBundle, other, timeouts);
  }

  public RegistryConfig withTimeouts(RegistryTimeouts other) {
    return new RegistryConfig(plainHttpRegistries, mirrors, caBundle, limits, other);
  }
}
