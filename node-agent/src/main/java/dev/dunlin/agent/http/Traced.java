package dev.dunlin.agent.http;

import dev.dunlin.agent.trace.RequestTrace;
import dev.dunlin.agent.trace.TracedRequest;
import dev.dunlin.agent.trace.Tracing;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

/** What a request's span tells of it. */
final class Traced {
  private Traced() {}

  static RequestTrace begin(Tracing tracing, AppKey app, ServerRequest request, String requestId) {
    if (!tracing.isOn()) {
      return RequestTrace.NONE;
    }
    var prologue = request.prologue();
    return tracing.begin(
        new TracedRequest(
            app.namespace(),
            app.name(),
            prologue.method().text(),
            prologue.uriPath().rawPath(),
            request.authority(),
            request.remotePeer().host(),
            requestId,
            name -> request.headers().first(HeaderNames.create(name)).orElse(null)));
  }
}
