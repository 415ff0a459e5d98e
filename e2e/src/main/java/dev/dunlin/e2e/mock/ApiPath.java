package dev.dunlin.e2e.mock;

import java.util.List;
import java.util.Optional;

/**
 * What a path below {@code /api} or {@code /apis} names: a collection, an object or a subresource.
 */
record ApiPath(Kind kind, String namespace, String name, String subresource) {

  boolean isCollection() {
    return name.isEmpty();
  }

  Store.Key key() {
    return keyOf(kind, namespace, name);
  }

  /** Events have two groups and one place. */
  static Store.Key keyOf(Kind kind, String namespace, String name) {
    return new Store.Key(storageGroup(kind), kind.plural(), namespace, name);
  }

  static String storageGroup(Kind kind) {
    return kind.group().equals(BuiltInKinds.EVENTS_GROUP) ? "" : kind.group();
  }

  /** Empty where no kind is served under that path. */
  static Optional<ApiPath> parse(String path, Kinds kinds) {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    boolean core = parts.getFirst().equals("api");
    int rest = core ? 2 : 3;
    if (parts.size() <= rest) return Optional.empty();
    String group = core ? "" : parts.get(1);
    String version = parts.get(rest - 1);
    List<String> names = parts.subList(rest, parts.size());
    if (names.getFirst().equals("namespaces") && names.size() >= 3) {
      Optional<Kind> kind = kinds.find(group, version, names.get(2)).filter(Kind::namespaced);
      if (kind.isPresent()) return of(kind.get(), names.get(1), names.subList(3, names.size()));
    }
    return kinds
        .find(group, version, names.getFirst())
        .flatMap(kind -> of(kind, "", names.subList(1, names.size())));
  }

  private static Optional<ApiPath> of(Kind kind, String namespace, List<String> rest) {
    if (rest.size() > 2) return Optional.empty();
    return Optional.of(
        new ApiPath(
            kind,
            namespace,
            rest.isEmpty() ? "" : rest.getFirst(),
            rest.size() == 2 ? rest.getLast() : ""));
  }
}
