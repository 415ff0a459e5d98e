package dev.dunlin.api.generate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adds to a generated schema what the generator has no annotation for. */
final class Schemas {
  /** Lists that are maps to the API server: by property, the field that tells their items apart. */
  private static final Map<String, String> KEYS =
      Map.of(
          "env", "name",
          "volumes", "name",
          "volumeMounts", "mountPath",
          "imagePullSecrets", "name",
          "authorities", "name",
          "conditions", "type");

  private Schemas() {}

  static void complete(JSONSchemaProps root, Class<?> kind) {
    once(root);
    var arguments = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
    complete(property(root, "spec"), arguments[0]);
    complete(property(root, "status"), arguments[1]);
    if (!property(root, "spec").getRequired().isEmpty()) root.setRequired(List.of("spec"));
  }

  private static void complete(JSONSchemaProps schema, Type type) {
    once(schema);
    if (type == Long.class) schema.setFormat("int64");
    if (type == Integer.class) schema.setFormat("int32");
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      complete(schema.getItems().getSchema(), list.getActualTypeArguments()[0]);
    }
    if (type instanceof Class<?> record && record.isRecord()) {
      var inOrder = new LinkedHashMap<String, JSONSchemaProps>();
      for (RecordComponent field : record.getRecordComponents()) {
        String name = name(field);
        JSONSchemaProps property = property(schema, name);
        complete(property, field.getGenericType());
        if ("array".equals(property.getType())) listType(property, KEYS.get(name));
        if (field.getType() == Quantity.class) bounds(property, field);
        inOrder.put(name, property);
      }
      schema.setProperties(inOrder);
    }
  }

  /** The generator leaves out what is said of a quantity, which is a number or text. */
  private static void bounds(JSONSchemaProps quantity, RecordComponent field) {
    @Nullable Pattern pattern = field.getAccessor().getAnnotation(Pattern.class);
    @Nullable Min least = field.getAccessor().getAnnotation(Min.class);
    if (pattern != null) quantity.setPattern(pattern.value());
    if (least != null) quantity.setMinimum(least.value());
  }

  /** What a component is called in JSON, where Java has that word for itself. */
  private static String name(RecordComponent field) {
    @Nullable JsonProperty given = field.getAccessor().getAnnotation(JsonProperty.class);
    return given == null ? field.getName() : given.value();
  }

  /** The schema of one property, which the generator has made. */
  static JSONSchemaProps property(JSONSchemaProps schema, String name) {
    return Objects.requireNonNull(schema.getProperties().get(name), name);
  }

  private static void listType(JSONSchemaProps list, @Nullable String key) {
    list.setXKubernetesListType(key == null ? "atomic" : "map");
    if (key != null) list.setXKubernetesListMapKeys(List.of(key));
  }

  /** The generator finds a record component's rule twice: at its field and at its accessor. */
  private static void once(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(
        schema.getXKubernetesValidations().stream().distinct().toList());
  }
}
