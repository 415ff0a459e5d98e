package dev.dunlin.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An absent list and an empty one mean the same everywhere in this API. */
final class Lists {
  static <T> List<T> copy(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  private Lists() {}
}
