package dev.dunlin.operator.image;

import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RemoteModule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Asks registries, a few questions at once. Who asks what another has asked already, and what has
 * not gone out yet, waits for the same answer: so a thousand new apps of one image are one
 * question, and yet nobody is told of a tag what was so before it asked.
 */
final class Questions {
  private final BiFunction<ImageReference, Keychain, RemoteModule> registry;
  private final BiFunction<String, List<String>, Keychain> pullSecrets;
  private final Semaphore turns;
  private final Map<Question, FutureTask<RemoteModule>> waiting = new HashMap<>(); // guarded by it

  private record Question(ImageReference image, String namespace, List<String> secrets) {}

  /**
   * @param registry asks it
   * @param pullSecrets reads Secrets by namespace and names
   * @param atOnce questions on the network
   */
  Questions(
      BiFunction<ImageReference, Keychain, RemoteModule> registry,
      BiFunction<String, List<String>, Keychain> pullSecrets,
      int atOnce) {
    this.registry = registry;
    this.pullSecrets = pullSecrets;
    this.turns = new Semaphore(atOnce);
  }

  /** The registry's answer; its faults, and those of reading Secrets, as they are. */
  RemoteModule ask(ImageReference image, String namespace, List<String> secrets)
      throws InterruptedException {
    var question = new Question(image, namespace, secrets);
    var mine = new FutureTask<>(() -> begin(question));
    @Nullable FutureTask<RemoteModule> theirs;
    synchronized (waiting) {
      theirs = waiting.putIfAbsent(question, mine);
    }
    if (theirs != null) return answer(theirs);
    try {
      turns.acquire();
      try {
        mine.run();
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      mine.cancel(false); // whoever waits for it is being closed too
      throw e;
    }
    return answer(mine);
  }

  private RemoteModule begin(Question question) {
    synchronized (waiting) {
      waiting.remove(question);
    }
    return registry.apply(
        question.image(), pullSecrets.apply(question.namespace(), question.secrets()));
  }

  private static RemoteModule answer(FutureTask<RemoteModule> asked) throws InterruptedException {
    try {
      return asked.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) throw fault;
      throw new IllegalStateException("Asking a registry failed", e.getCause());
    }
  }
}
