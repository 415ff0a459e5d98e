package dev.dunlin.agent;

import dev.dunlin.agent.admin.LogAddress;
import dev.dunlin.agent.http.HttpLimits;
import dev.dunlin.agent.idle.IdleTimes;
import dev.dunlin.agent.instance.Timings;
import dev.dunlin.agent.log.LogDisk;
import dev.dunlin.agent.log.LogLimits;
import dev.dunlin.agent.trace.TraceSettings;
import dev.dunlin.agent.volume.VolumeSettings;
import dev.dunlin.engine.Engines;
import dev.dunlin.oci.RegistryConfig;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that an agent is told; {@link #builder} has the defaults of its flags.
 *
 * @param bindAddress of the app ports and the admin port
 * @param advertiseAddress under which others reach the app ports
 * @param adminPort 0 for any
 * @param engine which one runs the modules
 * @param allocatableMemoryBytes linear memory that instances can be given in all; empty: as much as
 *     the engine can well have
 * @param allocatableCpu processors that instances can be given in all
 * @param nodeLabels besides {@code kubernetes.io/hostname} and the like
 * @param namespace of the agent's Lease
 * @param drainTimeout how long a shutdown waits for the operator to move the instances elsewhere
 * @param idle when http apps without requests give back what they have
 * @param traces where spans of requests go
 * @param cacheBytes how much of the disk fetched modules may take
 */
public record AgentConfig(
    String nodeName,
    String bindAddress,
    String advertiseAddress,
    Path dataDir,
    int adminPort,
    Engines.Choice engine,
    OptionalLong allocatableMemoryBytes,
    Quantity allocatableCpu,
    int maxInstances,
    Map<String, String> nodeLabels,
    String namespace,
    Duration leaseDuration,
    Duration drainTimeout,
    long cacheBytes,
    RegistryConfig registries,
    LogLimits logLimits,
    VolumeSettings volumes,
    LogDisk logDisk,
    LogAddress logAddress,
    IdleTimes idle,
    TraceSettings traces,
    HttpLimits http,
    Timings timings) {

  public AgentConfig {
    nodeLabels = Map.copyOf(nodeLabels);
  }

  /** A config with the defaults, for an agent that listens and is reached under {@code address}. */
  public static Builder builder(String nodeName, String address, Path dataDir) {
    return new Builder(nodeName, address, dataDir);
  }

  /** What guests have on an engine of that name. */
  GuestMemory guestMemory(String engineName) {
    var memory = GuestMemory.of(engineName);
    return allocatableMemoryBytes.isPresent()
        ? memory.offering(allocatableMemoryBytes.getAsLong())
        : memory;
  }

  /** Not thread-safe. */
  public static final class Builder {
    private final String nodeName;
    private final String bindAddress;
    private final Path dataDir;
    private String advertiseAddress;
    private int adminPort = 0;
    private Engines.Choice engine = Engines.Choice.AUTO;
    private OptionalLong allocatableMemoryBytes = OptionalLong.empty();
    private Quantity allocatableCpu =
        new Quantity(String.valueOf(Runtime.getRuntime().availableProcessors()));
    private int maxInstances = 1_000;
    private Map<String, String> nodeLabels = Map.of();
    private String namespace = "dunlin-system";
    private Duration leaseDuration = Duration.ofSeconds(4);
    private Duration drainTimeout = Duration.ofSeconds(20);
    private long cacheBytes = 10L << 30;
    private RegistryConfig registries = RegistryConfig.defaults();
    private LogLimits logLimits = LogLimits.DEFAULT;
    private VolumeSettings volumes = VolumeSettings.DEFAULT;
    private LogDisk logDisk = LogDisk.DEFAULT;
    private LogAddress logAddress = LogAddress.ANY_PORT;
    private IdleTimes idle = IdleTimes.DEFAULT;
    private TraceSettings traces = TraceSettings.OFF;
    private HttpLimits http = HttpLimits.DEFAULT;
    private Timings timings = Timings.DEFAULT;

    private Builder(String nodeName, String address, Path dataDir) {
      this.nodeName = nodeName;
      this.bindAddress = address;
      this.advertiseAddress = address;
      this.dataDir = dataDir;
    }

    public Builder advertiseAddress(String value) {
      advertiseAddress = value;
      return this;
    }

    public Builder adminPort(int value) {
      adminPort = value;
      return this;
    }

    public Builder engine(Engines.Choice value) {
      engine = value;
      return this;
    }

    public Builder allocatableMemoryBytes(long value) {
      allocatableMemoryBytes = OptionalLong.of(value);
      return this;
    }

    public Builder allocatableCpu(Quantity value) {
      allocatableCpu = value;
      return this;
    }

    public Builder maxInstances(int value) {
      maxInstances = value;
      return this;
    }

    public Builder nodeLabels(Map<String, String> value) {
      nodeLabels = value;
      return this;
    }

    public Builder namespace(String value) {
      namespace = value;
      return this;
    }

    public Builder leaseDuration(Duration value) {
      leaseDuration = value;
      return this;
    }

    public Builder drainTimeout(Duration value) {
      drainTimeout = value;
      return this;
    }

    public Builder cacheBytes(long value) {
      cacheBytes = value;
      return this;
    }

    public Builder registries(RegistryConfig value) {
      registries = value;
      return this;
    }

    public Builder logLimits(LogLimits value) {
      logLimits = value;
      return this;
    }

    public Builder volumes(VolumeSettings value) {
      volumes = value;
      return this;
    }

    public Builder logDisk(LogDisk value) {
      logDisk = value;
      return this;
    }

    public Builder logAddress(LogAddress value) {
      logAddress = value;
      return this;
    }

    public Builder idle(IdleTimes value) {
      idle = value;
      return this;
    }

    public Builder traces(TraceSettings value) {
      traces = value;
      return this;
    }

    public Builder http(HttpLimits value) {
      http = value;
      return this;
    }

    public Builder timings(Timings value) {
      timings = value;
      return this;
    }

    public AgentConfig build() {
      return new AgentConfig(
          nodeName,
          bindAddress,
          advertiseAddress,
          dataDir,
          adminPort,
          engine,
          allocatableMemoryBytes,
          allocatableCpu,
          maxInstances,
          nodeLabels,
          namespace,
          leaseDuration,
          drainTimeout,
          cacheBytes,
          registries,
          logLimits,
          volumes,
          logDisk,
          logAddress,
          idle,
          traces,
          http,
          timings);
    }
  }
}
