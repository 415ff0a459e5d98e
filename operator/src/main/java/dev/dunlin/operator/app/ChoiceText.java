package dev.dunlin.operator.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dunlin.operator.placement.NodeChoice;

/** A {@link NodeChoice} as the text of an annotation. */
final class ChoiceText {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  static String of(NodeChoice choice) {
    try {
      return JSON.writeValueAsString(choice);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A NodeChoice could not be written as JSON", e);
    }
  }

  /** What somebody has written there that is none of ours asks for nothing. */
  static NodeChoice parse(String text) {
    try {
      return JSON.readValue(text, NodeChoice.class);
    } catch (JsonProcessingException e) {
      return NodeChoice.ANY;
    }
  }

  private ChoiceText() {}
}
