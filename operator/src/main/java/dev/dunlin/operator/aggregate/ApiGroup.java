package dev.dunlin.operator.aggregate;

import dev.dunlin.https.Response;
import java.io.IOException;
import java.util.List;

/** One API: a group in one version, and who answers for it. */
public interface ApiGroup {
  String name();

  String version();

  /** Further versions there are of it: whoever serves one of them is asked for all of it. */
  default List<String> otherVersions() {
    return List.of();
  }

  /** What there is in it, for its discovery document. */
  List<ApiResource> resources();

  /** Answers a GET that the API server's user may ask. */
  void answer(ApiRequest request, Response response) throws IOException;
}
