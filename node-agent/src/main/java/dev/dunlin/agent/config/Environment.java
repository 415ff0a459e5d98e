package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.EnvFromSource;
import dev.dunlin.api.v1alpha1.EnvVar;
import dev.dunlin.api.v1alpha1.EnvVarSource;
import dev.dunlin.api.v1alpha1.JobRun;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guest's variables and arguments, by a Pod's rules: {@code envFrom} in order, then {@code env}
 * in order over it; a value may refer to what stands before it.
 */
record Environment(List<String> args, Map<String, String> variables) {
  /** Which of its job's completions a run is, as a Kubernetes Job says it. */
  private static final String COMPLETION_INDEX = "JOB_COMPLETION_INDEX";

  static Environment of(WasmInstance instance, Lookup lookup) {
    WasmInstanceSpec spec = instance.getSpec();
    var variables = new LinkedHashMap<String, String>();
    for (EnvFromSource from : spec.envFrom()) {
      addAll(variables, from, lookup);
    }
    JobRun run = spec.job();
    if (run != null && run.index() != null) {
      variables.put(COMPLETION_INDEX, String.valueOf(run.index()));
    }
    for (EnvVar variable : spec.env()) {
      String value = valueOf(variable, variables, instance, lookup);
      if (value != null) {
        variables.put(variable.name(), value);
      }
    }
    var args = new ArrayList<String>();
    args.add(spec.appName());
    for (String arg : spec.args()) {
      args.add(Expansion.of(arg, variables));
    }
    return new Environment(List.copyOf(args), variables);
  }

  private static void addAll(Map<String, String> variables, EnvFromSource from, Lookup lookup) {
    String prefix = Objects.requireNonNullElse(from.prefix(), "");
    var configMap = from.configMapRef();
    var secret = from.secretRef();
    Map<String, byte[]> keys =
        configMap != null
            ? lookup.configMap(configMap.name(), configMap.optional())
            : secret != null ? lookup.secret(secret.name(), secret.optional()) : Map.of();
    keys.forEach((key, value) -> {
      String name = prefix + key;
      if (isName(name)) {
        variables.put(name, text(value));
      }
    });
  }

  /** Null when an optional source is missing: the variable is then not set at all, as in a Pod. */
  private static @Nullable String valueOf(
      EnvVar variable, Map<String, String> before, WasmInstance instance, Lookup lookup) {
    EnvVarSource from = variable.valueFrom();
    if (from == null) {
      return Expansion.of(Objects.requireNonNullElse(variable.value(), ""), before);
    }
    if (from.fieldRef() != null) {
      return Fields.of(instance, from.fieldRef().fieldPath());
    }
    byte[] value =
        from.configMapKeyRef() != null
            ? lookup.configMapKey(from.configMapKeyRef())
            : from.secretKeyRef() != null ? lookup.secretKey(from.secretKeyRef()) : null;
    return value == null ? null : text(value);
  }

  /** What WASI can carry as a name; a key that is none is left out, as a Pod does. */
  private static boolean isName(String name) {
    return !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
