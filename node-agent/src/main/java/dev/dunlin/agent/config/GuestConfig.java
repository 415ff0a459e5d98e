package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.Network;
import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.VolumeMount;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one run of an instance is given, and its walls. */
public record GuestConfig(Grants grants, Limits limits) {

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /**
   * Reads what the instance refers to, and writes its volumes below {@code home}.
   *
   * @throws ConfigException when something that it refers to is missing
   */
  public static GuestConfig read(WasmInstance instance, ConfigSource source, Path home)
      throws IOException {
    var lookup = new Lookup(instance.getMetadata().getNamespace(), source);
    Environment environment = Environment.of(instance, lookup);
    List<Grants.Directory> directories = mount(instance.getSpec(), lookup, new InstanceHome(home));
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
    return memory == null
        ? Limits.DEFAULT_MEMORY_BYTES
        : Quantity.getAmountInBytes(memory).min(MOST).longValue();
  }

  private static List<Grants.Directory> mount(
      WasmInstanceSpec spec, Lookup lookup, InstanceHome home) throws IOException {
    var directories = new ArrayList<Grants.Directory>();
    for (VolumeMount mount : spec.volumeMounts()) {
      for (Volume volume : spec.volumes()) {
        if (volume.name().equals(mount.name())) {
          VolumeFiles files = VolumeFiles.of(volume, lookup);
          Path folder = home.write(volume.name(), files);
          boolean readOnly = !files.writable() || Boolean.TRUE.equals(mount.readOnly());
          directories.add(new Grants.Directory(folder, mount.mountPath(), readOnly));
        }
      }
    }
    return directories;
  }
}
