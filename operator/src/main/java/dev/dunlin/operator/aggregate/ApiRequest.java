package dev.dunlin.operator.aggregate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request for something in a namespace: {@code
 * /apis/GROUP/VERSION/namespaces/NAMESPACE/RESOURCE[/NAME[/SUBRESOURCE]]?QUERY}.
 *
 * @param name empty for all there are
 * @param subresource empty for the thing itself
 */
public record ApiRequest(
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource,
    Map<String, List<String>> query) {
  private static final int SHORTEST = 6;
  private static final int LONGEST = 8;

  static Optional<ApiRequest> of(List<String> path, Map<String, List<String>> query) {
    return path.size() >= SHORTEST
            && path.size() <= LONGEST
            && path.get(0).equals("apis")
            && path.get(3).equals("namespaces")
        ? Optional.of(
            new ApiRequest(
                path.get(1),
                path.get(2),
                path.get(4),
                path.get(5),
                path.size() > SHORTEST ? path.get(6) : "",
                path.size() == LONGEST ? path.get(7) : "",
                query))
        : Optional.empty();
  }

  /** What RBAC calls it. */
  String verb() {
    return name.isEmpty() ? "list" : "get";
  }

  /** What RBAC calls what is asked for. */
  String resourceText() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }

  /** The first value of a parameter; empty where there is none. */
  public String parameter(String key) {
    return query.getOrDefault(key, List.of()).stream().findFirst().orElse("");
  }
}
