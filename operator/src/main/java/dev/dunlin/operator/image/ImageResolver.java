package dev.dunlin.operator.image;

import dev.dunlin.api.v1alpha1.LocalObjectReference;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.oci.RemoteModule;
import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.image.Resolution.Resolving;
import dev.dunlin.operator.image.Resolution.Unresolved;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns tags into digests and learns what engines the modules need, each question in a thread of
 * its own: {@link #of} answers at once with what is known. A digest stays known; a fault is
 * remembered until its backoff is over or the app has changed. One entry an app, for its newest
 * question.
 *
 * <p>The map is guarded by this object's lock; nothing is asked under it.
 */
public final class ImageResolver implements AutoCloseable {
  /** Questions on the network at once. */
  private static final int PARALLEL = 16;

  private static final int FORGETTING_FROM = 1000;

  private final Questions questions;
  private final LongSupplier nanoTime;
  private final Consumer<WasmApp> answered;
  private final Map<String, Entry> entries = new HashMap<>(); // by the app's uid
  private int forgetFrom = FORGETTING_FROM;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dunlin-resolve-", 0).factory());

  /** What is asked; another question makes another entry. */
  private record Question(String image, String revision, List<String> secrets) {}

  /** What is known; {@code answer} is null while the registry is asked for the first time. */
  private record Entry(
      Question question,
      @Nullable Resolution answer,
      boolean asking,
      int faults,
      long retryAt,
      @Nullable Long generation) {}

  /**
   * @param registry asks it
   * @param pullSecrets reads Secrets by namespace and names
   * @param answered called when {@link #of} has something new to say of an app
   */
  public ImageResolver(
      BiFunction<ImageReference, Keychain, RemoteModule> registry,
      BiFunction<String, List<String>, Keychain> pullSecrets,
      LongSupplier nanoTime,
      Consumer<WasmApp> answered) {
    this.questions = new Questions(registry, pullSecrets, PARALLEL);
    this.nanoTime = nanoTime;
    this.answered = answered;
  }

  /** What is known of the app's image, for that revision of its template. Never waits. */
  public Resolution of(WasmApp app, String revision) {
    ImageReference image;
    try {
      image = ImageReference.parse(app.getSpec().image());
    } catch (IllegalArgumentException e) {
      return new Unresolved(
          Reasons.IMAGE_INVALID, String.valueOf(e.getMessage()), Optional.empty());
    }
    return known(app, revision, image);
  }

  private synchronized Resolution known(WasmApp app, String revision, ImageReference image) {
    var secrets =
        app.getSpec().imagePullSecrets().stream().map(LocalObjectReference::name).toList();
    var question = new Question(image.toString(), revision, secrets);
    String uid = app.getMetadata().getUid();
    @Nullable Long generation = app.getMetadata().getGeneration();
    @Nullable Entry entry = entries.get(uid);
    if (entry == null || !entry.question().equals(question))
      entry = begin(app, image, new Entry(question, null, true, 0, 0, generation));
    @Nullable Resolution answer = entry.answer();
    if (answer == null) return new Resolving();
    if (!(answer instanceof Unresolved unresolved) || entry.asking()) return answer;
    boolean changed = !Objects.equals(entry.generation(), generation);
    long left = entry.retryAt() - nanoTime.getAsLong();
    if (changed || left <= 0) {
      begin(app, image, new Entry(question, answer, true, entry.faults(), 0, generation));
      return new Unresolved(unresolved.reason(), unresolved.message(), Optional.empty());
    }
    return new Unresolved(
        unresolved.reason(), unresolved.message(), Optional.of(Duration.ofNanos(left)));
  }

  private Entry begin(WasmApp app, ImageReference image, Entry entry) {
    entries.put(app.getMetadata().getUid(), entry);
    var _ = threads.submit(() -> answer(app, image, entry));
    return entry;
  }

  private void answer(WasmApp app, ImageReference image, Entry asked) {
    @Nullable Resolution answer = resolve(app, image, asked);
    if (answer == null) return;
    boolean failed = answer instanceof Unresolved;
    var wait =
        answer instanceof Unresolved it ? it.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
    synchronized (this) {
      String uid = app.getMetadata().getUid();
      if (!asked.equals(entries.get(uid))) return; // the app asks for something else by now
      entries.put(
          uid,
          new Entry(
              asked.question(),
              answer,
              false,
              failed ? asked.faults() + 1 : 0,
              nanoTime.getAsLong() + wait.toNanos(),
              asked.generation()));
    }
    answered.accept(app);
  }

  /** The registry's answer; null when this is being closed. */
  private @Nullable Resolution resolve(WasmApp app, ImageReference image, Entry asked) {
    @Nullable Resolution answer = ask(app, image, asked);
    @Nullable Digest digest = image.digest();
    // With a digest an instance can start without the registry, so that its faults are the agent's.
    return digest != null && answer instanceof Unresolved
        ? new Resolved(image.withDigest(digest).toString(), List.of())
        : answer;
  }

  private @Nullable Resolution ask(WasmApp app, ImageReference image, Entry asked) {
    try {
      RemoteModule found =
          questions.ask(image, app.getMetadata().getNamespace(), asked.question().secrets());
      return new Resolved(image.withDigest(found.manifest()).toString(), Features.of(found));
    } catch (RegistryException e) {
      return Faults.of(e, asked.question().secrets(), asked.faults());
    } catch (PullSecretException e) {
      return new Unresolved(
          e.reason(), String.valueOf(e.getMessage()), Optional.of(Faults.soon(asked.faults())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (CancellationException e) {
      return null;
    } catch (RuntimeException e) {
      return new Unresolved(
          Reasons.REGISTRY_UNAVAILABLE,
          "Asking for " + image + " failed unexpectedly: " + e,
          Optional.of(Faults.soon(asked.faults())));
    }
  }

  /** Forgets an app: it is resolved for good, or gone. */
  public synchronized void forget(String uid) {
    entries.remove(uid);
  }

  /** Forgets all apps but those, once there are many to forget. */
  public synchronized void retain(Supplier<Set<String>> uids) {
    if (entries.size() <= forgetFrom) return;
    entries.keySet().retainAll(uids.get());
    forgetFrom = Math.max(FORGETTING_FROM, 2 * entries.size()); // so that few passes read all apps
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
