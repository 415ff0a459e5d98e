package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that is refused, with the code and the reason that Kubernetes gives for it. */
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int code;
  private final String reason;

  private ApiError(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  static ApiError badRequest(String message) {
    return new ApiError(400, "BadRequest", message);
  }

  static ApiError forbidden(String message) {
    return new ApiError(403, "Forbidden", message);
  }

  static ApiError noSuchPath(String path) {
    return new ApiError(
        404, "NotFound", "the server could not find the requested resource (" + path + ")");
  }

  static ApiError notFound(Kind kind, String name) {
    return new ApiError(404, "NotFound", kind.qualifiedName() + " \"" + name + "\" not found");
  }

  static ApiError methodNotAllowed(String method) {
    return new ApiError(
        405, "MethodNotAllowed", "the server does not allow " + method + " on this resource");
  }

  static ApiError alreadyExists(Kind kind, String name) {
    return new ApiError(
        409, "AlreadyExists", kind.qualifiedName() + " \"" + name + "\" already exists");
  }

  static ApiError conflict(Kind kind, String name, String why) {
    return new ApiError(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind.qualifiedName() + " \"" + name + "\": " + why);
  }

  static ApiError applyConflict(String message) {
    return new ApiError(409, "Conflict", message);
  }

  static ApiError gone(String message) {
    return new ApiError(410, "Expired", message);
  }

  static ApiError unsupportedMediaType(String type) {
    return new ApiError(
        415,
        "UnsupportedMediaType",
        "this server in memory reads JSON and YAML, not '"
            + type
            + "' (write the object as YAML and use kubectl apply -f)");
  }

  static ApiError invalid(Kind kind, String name, String why) {
    return new ApiError(422, "Invalid", kind.name() + " \"" + name + "\" is invalid: " + why);
  }

  static ApiError internal(String what) {
    return new ApiError(500, "InternalError", "an error on the server: " + what);
  }

  /** The answer's body: {@code meta/v1.Status}. */
  ObjectNode status() {
    return Json.object()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", "Failure")
        .put("message", getMessage())
        .put("reason", reason)
        .put("code", code);
  }
}
