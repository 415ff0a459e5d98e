package dev.dunlin.operator.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The name of a template: equal for equal templates, across processes and operator versions. */
final class Revision {
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true).build();

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
          "disruption");

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

  private static ObjectNode template(WasmAppSpec spec) {
    ObjectNode template = CANONICAL.valueToTree(spec);
    template.remove(NOT_IN_TEMPLATE);
    if (spec.workload() instanceof HttpWorkload http)
      template.set("http", CANONICAL.valueToTree(http));
    if (template.get("job") instanceof ObjectNode job) job.retain("completions", "completionMode");
    return template;
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
