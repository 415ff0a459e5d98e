package dev.dunlin.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.Consumer;

/**
 * Keeps objects without what nobody here reads: who manages which field is half of what an object
 * weighs, and there are tens of thousands.
 */
public final class Slim<T extends HasMetadata> extends BasicItemStore<T> {
  private final Consumer<T> trim;

  public Slim() {
    this(object -> {});
  }

  /**
   * Keeps less.
   *
   * @param trim takes more away from an object that nobody else has yet
   */
  public Slim(Consumer<T> trim) {
    super(Cache::metaNamespaceKeyFunc);
    this.trim = trim;
  }

  @Override
  public T put(String key, T object) {
    object.getMetadata().setManagedFields(null);
    trim.accept(object);
    return super.put(key, object);
  }
}
