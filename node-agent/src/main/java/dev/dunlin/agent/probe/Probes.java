package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.Probe;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The probes that an instance is to be asked. */
public record Probes(Map<ProbeKind, Probe> byKind) {
  public static final Probes NONE = new Probes(Map.of());

  public Probes {
    byKind = Map.copyOf(byKind);
  }

  public static Probes of(WasmInstanceSpec spec) {
    Map<ProbeKind, Probe> probes = new EnumMap<>(ProbeKind.class);
    put(probes, ProbeKind.STARTUP, spec.startupProbe());
    put(probes, ProbeKind.READINESS, spec.readinessProbe());
    put(probes, ProbeKind.LIVENESS, spec.livenessProbe());
    return new Probes(probes);
  }

  public boolean has(ProbeKind kind) {
    return byKind.containsKey(kind);
  }

  /** Whether an instance that has begun is not ready until a probe has been good. */
  public boolean decideReadiness() {
    return has(ProbeKind.STARTUP) || has(ProbeKind.READINESS);
  }

  private static void put(Map<ProbeKind, Probe> probes, ProbeKind kind, @Nullable Probe probe) {
    if (probe != null) {
      probes.put(kind, probe);
    }
  }
}
