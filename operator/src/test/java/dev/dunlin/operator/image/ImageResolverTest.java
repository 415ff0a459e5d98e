package dev.dunlin.operator.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.RemoteModule;
import dev.dunlin.oci.RemoteModule.Form;
import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.image.Resolution.Resolving;
import dev.dunlin.operator.image.Resolution.Unresolved;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageResolverTest {
  private static final Digest DIGEST = Digest.of(new byte[0]);
  private static final RemoteModule MODULE =
      new RemoteModule(DIGEST, Form.CORE_MODULE, List.of(), List.of());

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<Supplier<RemoteModule>> answers = new ConcurrentLinkedQueue<>();
  private final ImageResolver resolver =
      new ImageResolver(
          (image, keychain) -> {
            asked.incrementAndGet();
            return answers.remove().get();
          },
          (namespace, names) -> Keychain.EMPTY,
          nanos::get,
          app -> answered.incrementAndGet());

  @AfterEach
  void close() {
    resolver.close();
  }

  private static WasmApp app(String image, long generation) {
    var app = new WasmApp();
    app.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("ns")
            .withName("app")
            .withUid("uid")
            .withGeneration(generation)
            .build());
    app.setSpec(Serialization.unmarshal("---\n{image: '" + image + "'}", WasmAppSpec.class));
    return app;
  }

  private static RemoteModule fail(Kind kind) {
    throw new RegistryException(kind, "The registry said no.");
  }

  private Resolution answerOf(WasmApp app, String revision) {
    int before = answered.get();
    var first = resolver.of(app, revision);
    assertThat(first).isInstanceOfAny(Resolving.class, Unresolved.class);
    await().until(() -> answered.get() > before);
    return resolver.of(app, revision);
  }

  @Test
  void answersAtOnceAndCallsBackWhenTheRegistryHasAnswered() {
    var go = new CountDownLatch(1);
    answers.add(() -> {
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return MODULE;
    });

    assertThat(resolver.of(app("registry.example/a:1", 1), "r")).isInstanceOf(Resolving.class);
    assertThat(resolver.of(app("registry.example/a:1", 1), "r")).isInstanceOf(Resolving.class);
    go.countDown();
    await().until(() -> answered.get() == 1);

    assertThat(resolver.of(app("registry.example/a:1", 1), "r"))
        .isEqualTo(new Resolved("registry.example/a@" + DIGEST, List.of("wasi:p1")));
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatADigestNeedsIsAskedToo() {
    answers.add(() ->
        new RemoteModule(
            DIGEST, Form.COMPONENT, List.of(), List.of("wasi:http/incoming-handler@0.2.12")));

    assertThat(answerOf(app("registry.example/a@" + DIGEST, 1), "r"))
        .isEqualTo(
            new Resolved("registry.example/a@" + DIGEST, List.of("component", "wasi:http@0.2")));
  }

  @Test
  void aDigestIsKnownWhateverTheRegistrySays() {
    answers.add(() -> fail(Kind.UNAVAILABLE));

    assertThat(answerOf(app("registry.example/a@" + DIGEST, 1), "r"))
        .isEqualTo(new Resolved("registry.example/a@" + DIGEST, List.of()));
  }

  @Test
  void aMissingImageIsAskedForAgainSlowlyAndAtOnceWhenTheAppChanges() {
    answers.add(() -> fail(Kind.NOT_FOUND));
    answers.add(() -> fail(Kind.NOT_FOUND));
    answers.add(() -> MODULE);

    var first = (Unresolved) answerOf(app("registry.example/a:1", 1), "r");
    assertThat(first.reason()).isEqualTo(Reasons.IMAGE_NOT_FOUND);
    assertThat(first.retryAfter()).contains(Duration.ofMinutes(1));
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    var second = (Unresolved) answerOf(app("registry.example/a:1", 1), "r");
    assertThat(second.retryAfter()).contains(Duration.ofMinutes(2));

    assertThat(answerOf(app("registry.example/a:1", 2), "r")).isInstanceOf(Resolved.class);
  }

  @Test
  void anUnreachableRegistryIsAskedAgainSoon() {
    answers.add(() -> fail(Kind.UNAVAILABLE));

    var found = (Unresolved) answerOf(app("registry.example/a:1", 1), "r");

    assertThat(found.reason()).isEqualTo(Reasons.REGISTRY_UNAVAILABLE);
    assertThat(found.retryAfter()).contains(Duration.ofSeconds(1));
  }

  @Test
  void anotherRevisionIsAnotherQuestion() {
    answers.add(() -> MODULE);
    answers.add(() -> fail(Kind.UNAUTHORIZED));

    assertThat(answerOf(app("registry.example/a:1", 1), "r1")).isInstanceOf(Resolved.class);
    assertThat(answerOf(app("registry.example/a:1", 2), "r2"))
        .isInstanceOfSatisfying(
            Unresolved.class, it -> assertThat(it.reason()).isEqualTo(Reasons.IMAGE_UNAUTHORIZED));
  }

  @Test
  void aReferenceThatIsNoneIsNotTriedAgain() {
    var found = (Unresolved) resolver.of(app("https://registry.example/a", 1), "r");

    assertThat(found.reason()).isEqualTo(Reasons.IMAGE_INVALID);
    assertThat(found.retryAfter()).isEmpty();
  }
}
