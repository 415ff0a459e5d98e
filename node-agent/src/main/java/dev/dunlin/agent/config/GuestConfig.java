package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.Network;
import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;

/** What one run of an instance is given, and its walls. */
public record GuestConfig(Grants grants, Limits limits) {

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /**
   * Reads what the instance's variables refer to.
   *
   * @throws ConfigException when something that it refers to is missing
   */
  static GuestConfig read(
      WasmInstance instance, ConfigSource source, List<Grants.Directory> directories) {
    var lookup = new Lookup(instance.getMetadata().getNamespace(), source);
    Environment environment = Environment.of(instance, lookup);
    return new GuestConfig(
        new Grants(
            environment.args(),
            environment.variables(),
            directories,
            allowedHosts(instance.getSpec())),
        Limits.defaults().withMemoryBytes(memoryBytes(instance.getSpec())));
  }

  private static List<String> allowedHosts(WasmInstanceSpec spec) {
    Network network = spec.network();
    return network == null ? List.of() : network.allowedHosts();
  }

  /** The limit on linear memory; 128 MiB when none is set. */
  static long memoryBytes(WasmInstanceSpec spec) {
    Resources resources = spec.resources();
    ResourceList limits = resources == null ? null : resources.limits();
    Quantity memory = limits == null ? null : limits.memory();
    return memory == null ? Limits.DEFAULT_MEMORY_BYTES : bytes(memory);
  }

  /** Whole bytes; what a long cannot hold is more than any node has. */
  static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).min(MOST).longValue();
  }
}
