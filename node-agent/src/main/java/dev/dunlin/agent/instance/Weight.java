package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The share of an instance's revision in its app's requests, as the operator has annotated it. */
final class Weight {
  private static final Logger log = LoggerFactory.getLogger(Weight.class);
  private static final int ALL = 100;

  /** From 0 to 100; empty where there is none, or none that can be read. */
  static OptionalInt of(WasmInstance instance) {
    Map<String, String> annotations = instance.getMetadata().getAnnotations();
    String text = annotations == null ? null : annotations.get(Api.WEIGHT_ANNOTATION);
    if (text == null) {
      return OptionalInt.empty();
    }
    try {
      int weight = Integer.parseInt(text);
      if (weight >= 0 && weight <= ALL) {
        return OptionalInt.of(weight);
      }
    } catch (NumberFormatException e) {
      log.debug("not a number: {}", text, e);
    }
    log.warn(
        "instance {}/{}: annotation {}: expected a number from 0 to 100, found {}; it has no weight",
        instance.getMetadata().getNamespace(),
        instance.getMetadata().getName(),
        Api.WEIGHT_ANNOTATION,
        text);
    return OptionalInt.empty();
  }

  private Weight() {}
}
