package dev.dunlin.operator.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.oci.RemoteModule;
import dev.dunlin.oci.RemoteModule.Form;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final ImageReference OTHER = ImageReference.parse("registry.example/other:1");
  private static final ImageReference HELLO = ImageReference.parse("registry.example/hello:1");

  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch answering = new CountDownLatch(1);
  private final Questions questions =
      new Questions(this::registry, (namespace, names) -> Keychain.EMPTY, 1);

  private RemoteModule registry(ImageReference image, Keychain keychain) {
    int number = asked.incrementAndGet();
    if (image.equals(OTHER)) hold(answering);
    return new RemoteModule(
        Digest.of(new byte[] {(byte) number}), Form.CORE_MODULE, List.of(), List.of());
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One who asks, in a thread of its own. */
  private final class Asker {
    private final CompletableFuture<RemoteModule> answer = new CompletableFuture<>();
    private final Thread thread;

    Asker(ImageReference image) {
      thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  answer.complete(questions.ask(image, "ns", List.of()));
                } catch (InterruptedException e) {
                  answer.completeExceptionally(e);
                }
              });
    }

    boolean isWaiting() {
      return thread.getState() == Thread.State.WAITING;
    }

    RemoteModule answer() {
      return answer.join();
    }
  }

  @Test
  void questionsThatHaveNotGoneOutAreOne() {
    var other = new Asker(OTHER);
    await().until(() -> asked.get() == 1 && other.isWaiting());
    var first = new Asker(HELLO);
    var second = new Asker(HELLO);
    await().until(() -> first.isWaiting() && second.isWaiting());
    answering.countDown();

    assertThat(first.answer()).isEqualTo(second.answer());
    assertThat(other.answer()).isNotEqualTo(first.answer());
    assertThat(asked).hasValue(2);
  }

  @Test
  void whoAsksLaterIsNotToldWhatWasSoBefore() {
    answering.countDown();

    assertThat(new Asker(HELLO).answer()).isNotEqualTo(new Asker(HELLO).answer());
  }

  @Test
  void aFaultIsToldAsItIs() {
    var failing =
        new Questions(
            (image, keychain) -> {
              throw new RegistryException(RegistryException.Kind.NOT_FOUND, "It is not there.");
            },
            (namespace, names) -> Keychain.EMPTY,
            1);

    assertThatThrownBy(() -> failing.ask(HELLO, "ns", List.of()))
        .isInstanceOf(RegistryException.class)
        .hasMessage("It is not there.");
  }
}
