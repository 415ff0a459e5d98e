package dev.dunlin.operator.aggregate;

import dev.dunlin.https.Response;
import java.io.IOException;
import java.util.List;

/** One API: a group in one version, and who answers for it. */
public interface ApiGroup {
  String name();

  String version();

  /** What there is in it, for its discovery document. */
  List<ApiResource> resources();

  /** Answers a GET that the API server's user may ask. */
  void answer(ApiRequest request, Response response) throws IOException;
}
