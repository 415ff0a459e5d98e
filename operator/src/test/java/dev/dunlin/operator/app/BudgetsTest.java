package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetsTest {
  private static Optional<WasmApp> app(String spec) {
    return Optional.of(
        Serialization.unmarshal("---\nspec: {image: a, %s}".formatted(spec), WasmApp.class));
  }

  private static List<Instance> ready(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> AnInstance.of("app-" + i, "r", "n", "Running", true))
        .map(Instance::of)
        .toList();
  }

  private static OptionalInt spare(String spec, int ready) {
    return Budgets.spare(app(spec), ready(ready), Instance::ready);
  }

  @Test
  void anAppCanDoWithoutWhatItSaysLessWhatItLacks() {
    String spec = "replicas: 4, disruption: {maxUnavailable: 2}";

    assertThat(spare(spec, 4)).hasValue(2);
    assertThat(spare(spec, 3)).hasValue(1);
    assertThat(spare(spec, 1)).hasValue(0);
    assertThat(spare(spec, 6)).hasValue(4);
  }

  @Test
  void anAppThatDoesNotSayOrIsNoMoreSetsNoLimit() {
    assertThat(spare("replicas: 4", 4)).isEmpty();
    assertThat(Budgets.spare(Optional.empty(), ready(1), Instance::ready)).isEmpty();
  }

  @Test
  void whatGoesIsNotToSpareTwice() {
    var budgets = new Budgets((namespace, app) -> OptionalInt.of(2));
    var three = ready(3);

    assertThat(budgets.violated(three)).containsExactly(three.get(2));
    budgets.take(three.subList(0, 1));
    assertThat(budgets.violated(three.subList(1, 3))).containsExactly(three.get(2));
    budgets.take(three.subList(1, 2));
    assertThat(budgets.violated(three.subList(2, 3))).containsExactly(three.get(2));
  }

  @Test
  void whatServesNobodyTakesNothingFromItsApp() {
    var budgets = new Budgets((namespace, app) -> OptionalInt.of(0));
    var broken = Instance.of(AnInstance.of("app-1", "r", "n", "Pending", false));

    assertThat(budgets.violated(List.of(broken))).isEmpty();
  }
}
