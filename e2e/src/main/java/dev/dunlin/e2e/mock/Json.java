package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;

/** Reading and writing trees. A tree that is in the {@link Store} is never changed. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** The object at that field of {@code parent}, made there if it is absent. */
  static ObjectNode child(ObjectNode parent, String field) {
    return parent.get(field) instanceof ObjectNode child ? child : parent.putObject(field);
  }

  /** A request's body, JSON or YAML. */
  static JsonNode parse(String body) {
    if (body.isBlank()) throw ApiError.badRequest("the request has no body");
    try {
      return body.charAt(0) == '{' || body.charAt(0) == '['
          ? MAPPER.readTree(body)
          : YAML.unmarshal(body, JsonNode.class);
    } catch (IOException | KubernetesClientException unreadable) {
      throw ApiError.badRequest(
          "the body is neither JSON nor YAML that can be read: " + unreadable.getMessage());
    }
  }

  static ObjectNode parseObject(String body) {
    if (parse(body) instanceof ObjectNode object) return object;
    throw ApiError.badRequest("the body is not an object");
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree that cannot be written: " + node, impossible);
    }
  }

  private Json() {}
}
