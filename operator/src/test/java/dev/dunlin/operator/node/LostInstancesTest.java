package dev.dunlin.operator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LostInstancesTest {
  private final Instance instance = instance("uid-1");

  @Test
  void anAppThatLivesLooksAfterItsOwn() {
    assertThat(LostInstances.ownerless(List.of(instance), Stream.of(app("uid-1", null)))).isEmpty();
  }

  @Test
  void anAppThatIsBeingDeletedDoesNot() {
    var apps = Stream.of(app("uid-1", "2026-01-01T12:00:00Z"), app("uid-2", null));

    assertThat(LostInstances.ownerless(List.of(instance), apps)).containsExactly(instance);
  }

  @Test
  void anAppThatIsGoneDoesNot() {
    assertThat(LostInstances.ownerless(List.of(instance), Stream.of(app("uid-2", null))))
        .containsExactly(instance);
  }

  private static Instance instance(String appUid) {
    var object = AnInstance.of("app-r-1", "r", "n1", "Running", true);
    object
        .getMetadata()
        .setOwnerReferences(List.of(new OwnerReferenceBuilder().withUid(appUid).build()));
    return Instance.of(object);
  }

  private static WasmApp app(String uid, @Nullable String deleted) {
    var app = new WasmApp();
    app.setMetadata(
        new ObjectMetaBuilder()
            .withName("app")
            .withUid(uid)
            .withDeletionTimestamp(deleted)
            .build());
    return app;
  }
}
