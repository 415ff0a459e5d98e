package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightTest {
  @Test
  void isWhatTheAnnotationSays() {
    assertThat(Weight.of(annotated(Map.of(Api.WEIGHT_ANNOTATION, "5")))).hasValue(5);
    assertThat(Weight.of(annotated(Map.of()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "101", "5%", "", "many"})
  void whatIsNoShareIsNoWeight(String text) {
    assertThat(Weight.of(annotated(Map.of(Api.WEIGHT_ANNOTATION, text)))).isEmpty();
  }

  private static WasmInstance annotated(Map<String, String> annotations) {
    var instance = new WasmInstance();
    instance.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("ns")
            .withName("shop-r1-abcde")
            .withAnnotations(annotations)
            .build());
    return instance;
  }
}
