package dev.dunlin.cli.app;

import dev.dunlin.api.v1alpha1.EnvVar;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Network;
import dev.dunlin.api.v1alpha1.ResourceList;
import dev.dunlin.api.v1alpha1.Resources;
import dev.dunlin.api.v1alpha1.RestartPolicy;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an app is given, as flags; over what a file says. */
public final class AppFlags {
  /** What runs the module. */
  public enum Kind {
    http,
    worker,
    job
  }

  @Option(
      names = "--as",
      paramLabel = "KIND",
      description = "What runs the module: ${COMPLETION-CANDIDATES}.")
  private @Nullable Kind kind;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "A variable; repeatable.")
  private List<String> env = new ArrayList<>();

  @Option(
      names = "--allow-host",
      paramLabel = "HOST[:PORT]",
      description = "Where the guest may connect to; repeatable. Without any: nowhere.")
  private List<String> allowedHosts = new ArrayList<>();

  @Option(
      names = "--memory",
      paramLabel = "QUANTITY",
      description = "What its memory cannot grow beyond, e.g. 64Mi; 128Mi where nothing is said.")
  private @Nullable String memory;

  @Option(
      names = "--cpu",
      paramLabel = "QUANTITY",
      description = "Its share of the processors, e.g. 500m.")
  private @Nullable String cpu;

  public Optional<Kind> kind() {
    return Optional.ofNullable(kind);
  }

  /** An app of that name and image, and of what the flags say. */
  public WasmApp app(String name, String image, List<String> args) {
    var app = new WasmApp();
    app.setMetadata(new ObjectMetaBuilder().withName(name).build());
    app.setSpec(
        Serialization.unmarshal(
            "{\"image\":" + Serialization.asJson(image) + "}", WasmAppSpec.class));
    return over(app, args);
  }

  /** What the flags say of an app that has nothing yet, as fields of its spec. */
  public Map<String, Object> fields(List<String> args) {
    return changed(Serialization.unmarshal("{\"image\":\"none\"}", WasmAppSpec.class), args);
  }

  /** The app as the flags change it. */
  public WasmApp over(WasmApp app, List<String> args) {
    WasmAppSpec spec = app.getSpec();
    if (spec == null) {
      throw new Failure(
          "WasmApp %s: expected a spec, found none".formatted(app.getMetadata().getName()));
    }
    Map<String, Object> changed = changed(spec, args);
    if (!changed.isEmpty()) {
      Map<String, Object> all = new LinkedHashMap<>(asMap(spec));
      if (kind != null) {
        List.of("http", "worker", "job", "cron").forEach(all::remove);
      }
      all.putAll(changed);
      app.setSpec(Serialization.unmarshal(Serialization.asJson(all), WasmAppSpec.class));
    }
    return app;
  }

  private Map<String, Object> changed(WasmAppSpec spec, List<String> args) {
    var changed = new LinkedHashMap<String, Object>();
    if (!args.isEmpty()) {
      changed.put("args", args);
    }
    if (!env.isEmpty()) {
      changed.put("env", variables(spec.env()));
    }
    if (!allowedHosts.isEmpty()) {
      var hosts =
          new ArrayList<>(spec.network() == null ? List.of() : spec.network().allowedHosts());
      hosts.addAll(allowedHosts);
      changed.put("network", new Network(hosts));
    }
    if (memory != null || cpu != null) {
      changed.put("resources", resources(spec.resources()));
    }
    if (kind != null) {
      changed.put(
          kind.name(),
          switch (kind) {
            case http -> spec.http() == null ? HttpWorkload.DEFAULT : spec.http();
            case worker ->
                spec.worker() == null ? new WorkerWorkload(RestartPolicy.Always) : spec.worker();
            case job -> spec.job() == null ? JobWorkload.DEFAULT : spec.job();
          });
    }
    return changed;
  }

  private List<EnvVar> variables(List<EnvVar> before) {
    var byName = new LinkedHashMap<String, EnvVar>();
    before.forEach(variable -> byName.put(variable.name(), variable));
    for (String text : env) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw Failure.usage("--env: expected NAME=VALUE, found '" + text + "'");
      }
      String name = text.substring(0, equals);
      byName.put(name, new EnvVar(name, text.substring(equals + 1), null));
    }
    return List.copyOf(byName.values());
  }

  private Resources resources(@Nullable Resources before) {
    @Nullable ResourceList limits = before == null ? null : before.limits();
    return new Resources(
        before == null ? null : before.requests(),
        new ResourceList(
            memory != null ? quantity("--memory", memory) : limits == null ? null : limits.memory(),
            cpu != null ? quantity("--cpu", cpu) : limits == null ? null : limits.cpu()));
  }

  private static Quantity quantity(String flag, String text) {
    try {
      Quantity quantity = Quantity.parse(text);
      Quantity.getAmountInBytes(quantity);
      return quantity;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Failure(
          Exit.USAGE,
          "%s: expected a quantity, e.g. 64Mi or 500m, found '%s'".formatted(flag, text),
          e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(WasmAppSpec spec) {
    return Serialization.unmarshal(Serialization.asJson(spec), Map.class);
  }
}
