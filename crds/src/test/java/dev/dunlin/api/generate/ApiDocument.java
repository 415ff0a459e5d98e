package dev.dunlin.api.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** docs/api.md: every field of every kind, from the CRDs' schemas. */
final class ApiDocument {
  private final StringBuilder text = new StringBuilder();

  private ApiDocument() {}

  static String of(List<CustomResourceDefinition> crds) {
    var document = new ApiDocument();
    document.text.append(
        """
        # The API: dunlin.dev/v1alpha1

        Made from the CRDs by `make generate`; do not edit. `kubectl explain wasmapp.spec` shows the same.
        A field marked * is required. What a rule says, the API server refuses by itself.
        """);
    crds.forEach(document::kind);
    return document.text.toString();
  }

  private void kind(CustomResourceDefinition crd) {
    var names = crd.getSpec().getNames();
    var version = crd.getSpec().getVersions().getFirst();
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    text.append("\n## %s\n\n%s\n\n".formatted(names.getKind(), root.getDescription()));
    text.append(
        "%s. Short names: %s. `kubectl get %s` shows: %s (and with `-o wide`: %s).\n"
            .formatted(
                crd.getSpec().getScope().equals("Cluster") ? "Cluster-scoped" : "Namespaced",
                codes(names.getShortNames().stream()),
                names.getPlural(),
                columns(crd, 0),
                columns(crd, 1)));
    if (!version.getSelectableFields().isEmpty()) {
      text.append(
          "Field selectors: %s.\n"
              .formatted(
                  codes(
                      version.getSelectableFields().stream()
                          .map(field -> field.getJsonPath().substring(1)))));
    }
    rules(root);
    for (String part : List.of("spec", "status")) {
      JSONSchemaProps schema = Schemas.property(root, part);
      text.append("\n### %s.%s\n".formatted(names.getKind(), part));
      rules(schema);
      text.append("\n| field | type | default | what it is |\n|---|---|---|---|\n");
      fields("", schema);
    }
  }

  private static String columns(CustomResourceDefinition crd, int priority) {
    return Crds.kind(crd).columns().stream()
        .filter(column -> column.getPriority() == priority)
        .map(column -> column.getName())
        .collect(Collectors.joining(", "));
  }

  private void rules(JSONSchemaProps schema) {
    var rules = schema.getXKubernetesValidations();
    if (rules.isEmpty()) return;
    text.append("\nRules:\n\n");
    rules.forEach(rule -> text.append("- %s\n".formatted(sentence(rule))));
  }

  private static String sentence(ValidationRule rule) {
    String path = Objects.requireNonNullElse(rule.getFieldPath(), "");
    String subject = path.isEmpty() ? "It " : "`" + path.substring(1) + "` ";
    return (rule.getMessage().startsWith("metadata.") ? "" : subject) + rule.getMessage() + ".";
  }

  private void fields(String prefix, JSONSchemaProps schema) {
    schema
        .getProperties()
        .forEach((name, field) -> {
          boolean required = schema.getRequired().contains(name);
          text.append(
              "| `%s%s`%s | %s | %s | %s |\n"
                  .formatted(
                      prefix,
                      name,
                      required ? " *" : "",
                      type(field),
                      field.getDefault() == null ? "" : "`" + field.getDefault().asText() + "`",
                      description(field)));
          if (field.getItems() != null) {
            fields(prefix + name + "[].", field.getItems().getSchema());
          }
          fields(prefix + name + ".", field);
        });
  }

  private static String type(JSONSchemaProps field) {
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) return "quantity";
    if (field.getEnum() != null && !field.getEnum().isEmpty()) {
      return codes(field.getEnum().stream().map(value -> value.asText()));
    }
    if (field.getItems() != null) return "list of " + type(field.getItems().getSchema());
    if (field.getAdditionalProperties() != null) return "map of strings";
    return field.getType();
  }

  private static String description(JSONSchemaProps field) {
    var said = new ArrayList<String>();
    if (field.getDescription() != null) said.add(field.getDescription());
    if (field.getMinimum() != null && field.getMaximum() != null) {
      said.add("%.0f to %.0f.".formatted(field.getMinimum(), field.getMaximum()));
    } else if (field.getMinimum() != null) {
      said.add("At least %.0f.".formatted(field.getMinimum()));
    }
    if (field.getXKubernetesListMapKeys() != null && !field.getXKubernetesListMapKeys().isEmpty()) {
      said.add("One per `%s`.".formatted(field.getXKubernetesListMapKeys().getFirst()));
    }
    rulesOf(field).forEach(said::add);
    return String.join(" ", said).replace("|", "\\|");
  }

  private static Stream<String> rulesOf(JSONSchemaProps field) {
    var items = field.getItems() == null ? null : field.getItems().getSchema();
    return Stream.concat(
            field.getXKubernetesValidations().stream(),
            items == null ? Stream.empty() : items.getXKubernetesValidations().stream())
        .map(ApiDocument::sentence);
  }

  private static String codes(Stream<String> words) {
    return words.map("`%s`"::formatted).collect(Collectors.joining(", "));
  }
}
