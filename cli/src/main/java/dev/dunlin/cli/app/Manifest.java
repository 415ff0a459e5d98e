package dev.dunlin.cli.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a YAML file, in their order.
 *
 * @param source what messages call it
 * @param documents the same as they are written, without what is filled in where nothing is said
 */
public record Manifest(String source, List<HasMetadata> objects, List<JsonNode> documents) {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final KubernetesSerialization KINDS = new KubernetesSerialization();

  /** A field that nobody knows is a mistake, as {@code kubectl apply} has it. */
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  public Manifest {
    objects = List.copyOf(objects);
    documents = List.copyOf(documents);
  }

  /** Reads a file. */
  public static Manifest read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, "%s: expected a YAML file, found: %s".formatted(file, e), e);
    }
  }

  /** Reads a text. */
  public static Manifest parse(String source, String text) {
    var objects = new ArrayList<HasMetadata>();
    var written = new ArrayList<JsonNode>();
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (!document.isNull() && !document.isMissingNode()) {
          objects.add(object(source, objects.size() + 1, document));
          written.add(document);
        }
      }
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, "%s: expected YAML, found: %s".formatted(source, e), e);
    }
    return new Manifest(source, objects, written);
  }

  private static HasMetadata object(String source, int number, JsonNode document)
      throws IOException {
    String kind = document.path("kind").asText("");
    if (kind.isEmpty() || document.path("apiVersion").asText("").isEmpty()) {
      throw new Failure(
          "%s, document %d: expected apiVersion and kind, found %s"
              .formatted(source, number, names(document)));
    }
    if (!kind.equals("WasmApp") || !document.path("apiVersion").asText().startsWith(Api.GROUP)) {
      return KINDS.unmarshal(document.toString());
    }
    try {
      return STRICT.treeToValue(document, WasmApp.class);
    } catch (JsonProcessingException e) {
      throw new Failure(
          Exit.FAILED,
          "%s, document %d (WasmApp): %s".formatted(source, number, e.getOriginalMessage()),
          e);
    }
  }

  private static String names(JsonNode document) {
    if (!document.isObject()) {
      return "something that is no object";
    }
    var names = new ArrayList<String>();
    document.fieldNames().forEachRemaining(names::add);
    return String.join(", ", names);
  }

  /** The WasmApp of that name, or the only one. */
  public WasmApp app(@Nullable String name) {
    List<WasmApp> apps =
        all(WasmApp.class).stream()
            .filter(app -> name == null || name.equals(app.getMetadata().getName()))
            .toList();
    if (apps.size() == 1) {
      return apps.getFirst();
    }
    throw new Failure(
        Exit.USAGE,
        "%s: expected one WasmApp%s, found %s"
            .formatted(
                source,
                name == null ? " (or --app NAME)" : " \"" + name + "\"",
                all(WasmApp.class).isEmpty()
                    ? "none"
                    : all(WasmApp.class).stream()
                        .map(app -> app.getMetadata().getName())
                        .toList()));
  }

  public List<ConfigMap> configMaps() {
    return all(ConfigMap.class);
  }

  public List<Secret> secrets() {
    return all(Secret.class);
  }

  private <T extends HasMetadata> List<T> all(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
