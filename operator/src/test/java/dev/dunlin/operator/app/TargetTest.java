package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.app.Target.Hold;
import dev.dunlin.operator.config.Content;
import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.revision.History;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static final String ENV =
      "env: [{name: C, valueFrom: {configMapKeyRef: {name: web, key: c}}}]";
  private static final Content RED = new Content.Present(Map.of("c", "1"));
  private static final Content BLUE = new Content.Present(Map.of("c", "2"));
  private static final Content GONE = new Content.Absent();
  private static final Content UNREAD = new Content.Unknown();

  private static WasmAppSpec spec(String rest) {
    return Serialization.unmarshal("---\n{image: a, %s}".formatted(rest), WasmAppSpec.class);
  }

  private static Target of(WasmAppSpec spec, Content content, List<Instance> running) {
    return Target.of(spec, History.NONE, null, running, ref -> content, revision -> false);
  }

  private static Target of(
      WasmAppSpec spec, @Nullable String rolledOut, List<Instance> running, boolean wait) {
    return Target.of(spec, History.NONE, rolledOut, running, ref -> RED, revision -> wait);
  }

  private static List<Instance> running(Target target) {
    var object = AnInstance.of("app-1", target.revision(), "n1", "Running", true);
    object
        .getMetadata()
        .setAnnotations(
            Map.of(
                Api.TEMPLATE_ANNOTATION,
                target.template(),
                Api.CONFIG_ANNOTATION,
                target.config().text()));
    return List.of(Instance.of(object));
  }

  @Test
  void theRevisionIsTheTemplateWhereVariablesReferToNothing() {
    var target = of(spec("args: [x]"), RED, List.of());

    assertThat(target.revision()).isEqualTo(target.template());
  }

  @Test
  void aChangedConfigMapIsAnotherRevisionOfTheSameTemplate() {
    var red = of(spec(ENV), RED, List.of());
    var blue = of(spec(ENV), BLUE, running(red));

    assertThat(blue.revision()).isNotEqualTo(red.revision());
    assertThat(blue.template()).isEqualTo(red.template());
  }

  @Test
  void aDeletedConfigMapRestartsNothing() {
    var red = of(spec(ENV), RED, List.of());

    assertThat(of(spec(ENV), GONE, running(red)).revision()).isEqualTo(red.revision());
  }

  @Test
  void aConfigMapThatComesBackAsItWasRestartsNothing() {
    var red = of(spec(ENV), RED, List.of());
    var gone = of(spec(ENV), GONE, running(red));

    assertThat(of(spec(ENV), RED, running(gone)).revision()).isEqualTo(red.revision());
  }

  @Test
  void nothingIsMadeBeforeTheConfigMapHasBeenRead() {
    var target = of(spec(ENV), UNREAD, List.of());

    assertThat(target.hold()).isEqualTo(Hold.READING_CONFIG);
    assertThat(target.mayCreate(target.template())).isFalse();
  }

  @Test
  void anOperatorThatStartsAnewRestartsNothingBeforeItHasReadTheConfigMap() {
    var red = of(spec(ENV), RED, List.of());
    var target = of(spec(ENV), UNREAD, running(red));

    assertThat(target.hold()).isEqualTo(Hold.NONE);
    assertThat(target.revision()).isEqualTo(red.revision());
  }

  @Test
  void whereItIsSwitchedOffNoChangeRestartsAnything() {
    String off = ENV + ", restartOnConfigChange: false";
    var red = of(spec(ENV), RED, List.of());

    assertThat(of(spec(off), BLUE, running(red)).revision()).isEqualTo(red.revision());
    assertThat(of(spec(off), BLUE, List.of()).config().isEmpty()).isTrue();
  }

  @Test
  void whilePausedNoChangeRestartsAnything() {
    var red = of(spec(ENV), RED, List.of());
    var paused =
        Target.of(
            spec(ENV + ", paused: true"),
            History.NONE,
            red.template(),
            running(red),
            ref -> BLUE,
            revision -> false);

    assertThat(paused.hold()).isEqualTo(Hold.PAUSED);
    assertThat(paused.revision()).isEqualTo(red.revision());
  }

  @Test
  void aJobRunsOnWhateverItsConfigMapSays() {
    var job = spec(ENV + ", job: {}");

    assertThat(of(job, RED, List.of()).revision()).isEqualTo(of(job, BLUE, List.of()).revision());
  }

  @Test
  void aTemplateThatFollowsAnotherTooSoonWaits() {
    var target = of(spec("args: [x]"), "other", List.of(), true);

    assertThat(target.hold()).isEqualTo(Hold.SETTLING);
  }

  @Test
  void aTemplateThatServesWaitsForNothing() {
    var own = Target.of(spec("args: [x]"));
    var object = AnInstance.of("app-1", own.revision(), "n1", "Running", true);

    var target = of(spec("args: [x]"), "other", List.of(Instance.of(object)), true);

    assertThat(target.hold()).isEqualTo(Hold.NONE);
  }
}
