package dev.dunlin.operator.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.image.Resolution.Resolved;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RevisionsTest {
  private long nanos;
  private final Revisions revisions = new Revisions(() -> nanos);
  private final WasmApp app = app("uid");

  private static WasmApp app(String uid) {
    var app = new WasmApp();
    app.setMetadata(
        new ObjectMetaBuilder().withNamespace("ns").withName("app").withUid(uid).build());
    return app;
  }

  private static KeptRevision kept(String template, long number) {
    return new KeptRevision(
        "ns",
        "app",
        "uid",
        template,
        number,
        Optional.of(new Resolved("image@sha256:0", List.of("component", "wasi:http@0.2"))),
        "{\"image\":\"a\"}");
  }

  private ControllerRevision object(String template, long number) {
    return kept(template, number).object(app);
  }

  @Test
  void whatIsKeptComesBackAsItWas() {
    String json = Serialization.asJson(object("a", 1));
    var read = Serialization.unmarshal(json, ControllerRevision.class);
    KeptRevision.trim(read);

    revisions.observe(null, read);

    assertThat(revisions.of(app).kept()).containsExactly(kept("a", 1));
  }

  @Test
  void whatOthersKeepIsNoneOfOurs() {
    var foreign = object("a", 1);
    foreign.getMetadata().setOwnerReferences(List.of());

    revisions.observe(null, foreign);

    assertThat(revisions.of(app)).isEqualTo(History.NONE);
  }

  @Test
  void aNamesakeThatIsGoneKeepsNothingForTheNextOne() {
    revisions.observe(null, object("a", 1));

    assertThat(revisions.of(app("other")).kept()).isEmpty();
  }

  @Test
  void ourOwnWritesAreSeenBeforeTheWatchTells() {
    revisions.observe(null, object("a", 1));
    revisions.writing(kept("b", 2));
    revisions.deleting(kept("a", 1));

    assertThat(revisions.of(app).kept()).containsExactly(kept("b", 2));
  }

  @Test
  void aWriteThatFailedIsForgotten() {
    revisions.writing(kept("a", 1));
    revisions.notWritten(kept("a", 1));

    assertThat(revisions.of(app).kept()).isEmpty();
  }

  @Test
  void aWriteThatTheWatchNeverTellsIsForgottenInTheEnd() {
    revisions.writing(kept("a", 1));
    nanos = Duration.ofMinutes(3).toNanos();

    assertThat(revisions.of(app).kept()).isEmpty();
  }

  @Test
  void theWatchHasTheLastWord() {
    revisions.writing(kept("a", 2));
    revisions.observe(null, object("a", 3));

    assertThat(revisions.of(app).kept()).containsExactly(kept("a", 3));
  }

  @Test
  void aDeletedOneIsKeptNoLonger() {
    revisions.observe(null, object("a", 1));
    revisions.observe(object("a", 1), null);

    assertThat(revisions.of(app)).isEqualTo(History.NONE);
  }
}
