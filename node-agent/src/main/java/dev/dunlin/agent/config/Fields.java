package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.WasmInstance;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fields of an instance as texts, as a Pod's {@code fieldRef} gives them; unknown ones are "". */
final class Fields {
  private Fields() {}

  static String of(WasmInstance instance, String path) {
    var metadata = instance.getMetadata();
    return switch (path) {
      case "metadata.name" -> metadata.getName();
      case "metadata.namespace" -> metadata.getNamespace();
      case "metadata.uid" -> metadata.getUid();
      case "metadata.labels" -> lines(metadata.getLabels());
      case "metadata.annotations" -> lines(metadata.getAnnotations());
      case "spec.nodeName" -> instance.getSpec().nodeName();
      default -> {
        Map<String, String> map =
            path.startsWith("metadata.labels['")
                ? metadata.getLabels()
                : path.startsWith("metadata.annotations['") ? metadata.getAnnotations() : null;
        int quote = path.indexOf('\'');
        int end = path.lastIndexOf('\'');
        yield map == null || end <= quote
            ? ""
            : map.getOrDefault(path.substring(quote + 1, end), "");
      }
    };
  }

  /** A {@code KEY="VALUE"} a line, sorted (k8s.io/kubernetes/pkg/fieldpath, FormatMap). */
  private static String lines(@Nullable Map<String, String> map) {
    var text = new StringBuilder();
    new TreeMap<>(Objects.requireNonNullElse(map, Map.of()))
        .forEach((key, value) -> {
          text.append(text.isEmpty() ? "" : "\n").append(key).append('=');
          text.append(GoQuote.of(value));
        });
    return text.toString();
  }
}
