package dev.dunlin.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one kind, in memory and up to date: of one namespace after the other, or of all. It
 * keeps trying to watch until it is closed; what it hands out must not be changed.
 */
public final class Watched<T extends HasMetadata> implements AutoCloseable {
  private final List<SharedIndexInformer<T>> informers = new ArrayList<>();

  /**
   * Prepares it.
   *
   * @param scopes what to list and watch
   * @param indexes further keys, by name
   * @param trim takes away what nobody reads of an object before it is kept
   * @param changed called after each change, with what was and what is: null where there is nothing
   */
  public Watched(
      List<? extends Informable<T>> scopes,
      Map<String, Function<T, List<String>>> indexes,
      Consumer<T> trim,
      BiConsumer<@Nullable T, @Nullable T> changed) {
    for (var scope : scopes) {
      var informer = scope.runnableInformer(0).itemStore(new Slim<>(trim));
      if (!indexes.isEmpty()) informer.addIndexers(indexes);
      informer.exceptionHandler((started, fault) -> true);
      informer.addEventHandler(new Forward<>(changed));
      informers.add(informer);
    }
  }

  /** Starts watching; what it gives is done once all that exists is in memory. */
  public CompletableFuture<Void> start() {
    return CompletableFuture.allOf(
        informers.stream()
            .map(i -> i.start().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** Whether all that existed when it started is in memory. */
  public boolean hasSynced() {
    return informers.stream().allMatch(SharedIndexInformer::hasSynced);
  }

  /** Starts watching, and waits until all that exists is in memory. */
  void start(Duration within) {
    await(start(), informers.getFirst().getApiTypeClass().getSimpleName(), within);
  }

  /** Waits for a first list. */
  static void await(CompletableFuture<Void> started, String kind, Duration within) {
    try {
      started.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a first list", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "No first list of %s within %s; check that the CRDs are installed and that the operator may list and watch them"
              .formatted(kind, within),
          e);
    }
  }

  public @Nullable T get(@Nullable String namespace, String name) {
    String key = namespace == null ? name : namespace + "/" + name;
    for (var informer : informers) {
      @Nullable T found = informer.getStore().getByKey(key);
      if (found != null) return found;
    }
    return null;
  }

  public Stream<T> list() {
    return informers.stream().flatMap(i -> i.getStore().list().stream());
  }

  /** Those that an index has under a key. */
  public Stream<T> by(String index, String value) {
    return informers.stream().flatMap(i -> i.getIndexer().byIndex(index, value).stream());
  }

  /** Whether every part of it is being watched right now. */
  boolean isWatching() {
    return informers.stream().allMatch(SharedIndexInformer::isWatching);
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  private record Forward<T>(BiConsumer<@Nullable T, @Nullable T> changed)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T added) {
      changed.accept(null, added);
    }

    @Override
    public void onUpdate(T before, T after) {
      changed.accept(before, after);
    }

    @Override
    public void onDelete(T deleted, boolean stateUnknown) {
      changed.accept(deleted, null);
    }
  }
}
