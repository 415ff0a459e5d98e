package dev.dunlin.operator.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final String STABLE = "r1";
  private static final String CANARY = "r2";

  private final List<Instance> instances = new ArrayList<>();

  @Test
  void whatServesSaysItsShareBeforeTheCanaryMayAnswer() {
    add("a", STABLE, "n1", null);
    add("b", CANARY, "n1", "0");

    assertThat(changes(5)).containsExactly("a=95", "b=5");
  }

  @Test
  void theCanarysShareIsNeverAboveWhatItWasOrIsToBe() {
    add("a", STABLE, "n1", "95");
    add("b", CANARY, "n1", "5");
    assertThat(changes(50)).containsExactly("a=50", "b=50");
    instances.clear();
    add("a", STABLE, "n1", "50");
    add("b", CANARY, "n1", "50");

    assertThat(changes(0)).containsExactly("b=0", "a=100");
  }

  @Test
  void whatIsRightIsNotWrittenAgain() {
    add("a", STABLE, "n1", "95");
    add("b", CANARY, "n1", "5");
    add("c", STABLE, "n2", null);

    assertThat(changes(5)).containsExactly("c=95");
  }

  @Test
  void ofOtherRevisionsOnlyOneHasTheRest() {
    add("a", STABLE, "n1", "95");
    add("b", "r0", "n1", "95");
    add("c", "r0", "n2", "95");
    add("d", CANARY, "n1", "5");

    assertThat(changes(5)).containsExactly("b=0");
  }

  @Test
  void whatIsMadeHasTheShareOfItsRevisionOnItsNode() {
    add("a", "r0", "n1", "90");
    var shares = new Shares(10, CANARY, STABLE, instances);

    assertThat(shares.of(STABLE, "n1")).as("until it is ready the other one serves").isZero();
    assertThat(shares.of(STABLE, "n2")).isEqualTo(90);
    assertThat(shares.of(CANARY, "n2")).isEqualTo(10);
  }

  @Test
  void sharesAreTakenOffWhatIsToServeLast() {
    add("a", CANARY, "n1", "50");
    add("b", STABLE, "n1", "50");
    add("c", STABLE, "n1", null);

    assertThat(Shares.off(instances, i -> i.revision().equals(CANARY)))
        .extracting(it -> it.instance().name() + it.weight().isPresent())
        .containsExactly("bfalse", "afalse");
  }

  @Test
  void aShareThatIsNoNumberIsWrittenAnew() {
    add("a", STABLE, "n1", "most");
    assertThat(instances.getFirst().weight()).isEqualTo(OptionalInt.empty());

    assertThat(changes(5)).containsExactly("a=95");
  }

  private List<String> changes(int weight) {
    return new Shares(weight, CANARY, STABLE, instances)
        .changes().stream().map(it -> it.instance().name() + "=" + it.weight().orElse(-1)).toList();
  }

  private void add(String name, String revision, String node, @Nullable String weight) {
    var object = AnInstance.of(name, revision, node, "Running", true);
    var annotations =
        new HashMap<>(
            Objects.requireNonNullElse(
                object.getMetadata().getAnnotations(), Map.<String, String>of()));
    if (weight != null) annotations.put(Api.WEIGHT_ANNOTATION, weight);
    object.getMetadata().setAnnotations(annotations);
    instances.add(Instance.of(object));
  }
}
