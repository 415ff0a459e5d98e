package dev.dunlin.operator.aggregate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request for a part of a namespaced object: {@code
 * /apis/GROUP/VERSION/namespaces/NAMESPACE/RESOURCE/NAME/SUBRESOURCE?QUERY}.
 */
public record ApiRequest(
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource,
    Map<String, List<String>> query) {

  static Optional<ApiRequest> of(List<String> path, Map<String, List<String>> query) {
    return path.size() == 8 && path.get(0).equals("apis") && path.get(3).equals("namespaces")
        ? Optional.of(
            new ApiRequest(
                path.get(1),
                path.get(2),
                path.get(4),
                path.get(5),
                path.get(6),
                path.get(7),
                query))
        : Optional.empty();
  }
}
