package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Questions that a server answers at once and does not keep. This one knows no tokens, and has no
 * roles: {@code system:masters} may do everything, others nothing.
 */
final class Reviews {
  private static final Map<String, String> KINDS =
      Map.of(
          "/apis/authentication.k8s.io/v1/tokenreviews", "TokenReview",
          "/apis/authorization.k8s.io/v1/subjectaccessreviews", "SubjectAccessReview");

  /** Empty where the path is no review's. */
  static Optional<ObjectNode> answer(ApiRequest request) {
    String kind = KINDS.get(request.path());
    if (kind == null) return Optional.empty();
    if (!request.method().equals("POST")) throw ApiError.methodNotAllowed(request.method());
    ObjectNode review = Json.parseObject(request.body());
    ObjectNode status = review.putObject("status");
    if (kind.equals("TokenReview")) {
      status.putObject("user");
      status.put("error", "invalid bearer token");
    } else {
      status.put("allowed", isMaster(review.path("spec").path("groups")));
    }
    return Optional.of(review);
  }

  private static boolean isMaster(JsonNode groups) {
    return groups.valueStream().anyMatch(group -> group.asText().equals("system:masters"));
  }

  private Reviews() {}
}
