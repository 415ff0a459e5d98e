package dev.dunlin.operator.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.scale.ZeroWay;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The name of a template: equal for equal templates, across processes and operator versions. */
final class Revision {
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
          .build();

  /** No vowels and no look-alikes, as in the names of ReplicaSets. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int LENGTH = 10;

  private static final List<String> NOT_IN_TEMPLATE =
      List.of(
          "replicas",
          "strategy",
          "minReadySeconds",
          "progressDeadlineSeconds",
          "revisionHistoryLimit",
          "paused",
          "rollbackTo",
          "restartOnConfigChange",
          "autoscaling",
          "disruption");

  /** Part of http that no instance sees. */
  private static final String ROUTE = "route";

  /**
   * Ten letters and digits. Left out of the hash is what no instance sees: how many there are, how
   * they are rolled out, and how often, how long and how patiently a job runs. A workload that is
   * spelled out with its defaults is the same as one left out.
   */
  static String of(WasmAppSpec spec) {
    try {
      return text(sha256(CANONICAL.writeValueAsBytes(template(spec))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A WasmAppSpec could not be written as JSON", e);
    }
  }

  /** What instances of a template carry whose variables come from elsewhere too. */
  static String of(String template, String config) {
    return text(sha256((template + "/" + config).getBytes(StandardCharsets.UTF_8)));
  }

  /** The template as it is kept: whole, and without what is not template. */
  static String kept(WasmAppSpec spec) {
    ObjectNode template = CANONICAL.valueToTree(spec);
    template.remove(NOT_IN_TEMPLATE);
    return template.toString();
  }

  /** A template that was kept, with everything else as {@code spec} has it now. */
  static WasmAppSpec with(WasmAppSpec spec, String kept) {
    try {
      ObjectNode now = CANONICAL.valueToTree(spec);
      JsonNode route = now.path("http").path(ROUTE);
      now.retain(NOT_IN_TEMPLATE);
      now.setAll((ObjectNode) CANONICAL.readTree(kept));
      if (now.get("http") instanceof ObjectNode http) {
        http.remove(ROUTE);
        if (!route.isMissingNode()) http.set(ROUTE, route);
      }
      return CANONICAL.treeToValue(now, WasmAppSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A ControllerRevision keeps no template: " + kept, e);
    }
  }

  /**
   * Its fields in the order of the API, which earlier versions wrote it in: the hash has to stay.
   */
  private static ObjectNode template(WasmAppSpec spec) {
    ObjectNode given = CANONICAL.valueToTree(spec);
    given.put("replicas", 1);
    ObjectNode template = CANONICAL.createObjectNode();
    for (var field : given.properties()) {
      String name = field.getKey();
      boolean kept = name.equals("replicas") || !NOT_IN_TEMPLATE.contains(name);
      if (kept && !name.equals("http")) template.set(name, field.getValue());
      if (name.equals("replicas") && spec.workload() instanceof HttpWorkload http)
        template.set("http", http(spec, http));
    }
    if (template.get("job") instanceof ObjectNode job) reduce(job);
    return template;
  }

  /** An app that may be without instances has to be told when its instances are idle. */
  private static ObjectNode http(WasmAppSpec spec, HttpWorkload http) {
    ObjectNode seen = CANONICAL.<ObjectNode>valueToTree(http).without(ROUTE);
    @Nullable Integer idleAfter = ZeroWay.idleAfterSeconds(spec, http);
    if (idleAfter != null) seen.put("idleAfterSeconds", idleAfter);
    return seen;
  }

  /** To what makes it another job. */
  private static void reduce(ObjectNode job) {
    job.put("parallelism", 1).put("backoffLimit", 6);
    boolean indexed = "Indexed".equals(job.path("completionMode").asText());
    job.retain("completions", "parallelism", "backoffLimit", indexed ? "completionMode" : "");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static String text(byte[] hash) {
    var text = new StringBuilder();
    for (int i = 0; i < LENGTH; i++)
      text.append(ALPHABET.charAt((hash[i] & 0xff) % ALPHABET.length()));
    return text.toString();
  }

  /** A short suffix of an object's name, drawn from {@code salt} and {@code index}. */
  static String suffix(long salt, int index) {
    return text(sha256((salt + "/" + index).getBytes(StandardCharsets.UTF_8))).substring(0, 5);
  }

  private Revision() {}
}
