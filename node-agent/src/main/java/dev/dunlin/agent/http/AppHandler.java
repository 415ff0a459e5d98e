package dev.dunlin.agent.http;

import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.Outcome;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers one request: finds an instance, waits its turn, lets the guest answer. */
final class AppHandler {
  private final Exchanges exchanges;
  private final HttpMeter meter;

  AppHandler(Exchanges exchanges, HttpMeter meter) {
    this.exchanges = exchanges;
    this.meter = meter;
  }

  void answer(AppKey app, List<Backend> backends, ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    String requestId = RequestId.of(request);
    Optional<Backend> backend = Choice.among(backends);
    if (!RequestTarget.isVisible(request.prologue())) {
      refuse(request, response, Refusal.BAD_TARGET, requestId);
    } else if (backend.isEmpty()) {
      refuse(request, response, Refusal.NO_INSTANCE, requestId);
    } else {
      answer(app, backend.get(), request, response, requestId, start);
    }
    meter.answered(app, response.status().code(), System.nanoTime() - start);
    if (isLast(request, response)) {
      // RFC 9112, 9.6: the server closes; Helidon 4.5.0 leaves that to the client.
      AppConnection.current().ifPresent(AppConnection::closeAfterThis);
    }
  }

  private void answer(
      AppKey app,
      Backend backend,
      ServerRequest request,
      ServerResponse response,
      String requestId,
      long start) {
    if (backend.isDraining()) {
      // Established connections do not follow the Service's endpoints; this makes the client open
      // a new one.
      response.headers().set(HeaderValues.CONNECTION_CLOSE);
    }
    long end = start + backend.timeout().toNanos();
    var exchange =
        new Exchange(
            end, AppConnection.current().orElse(null), GuestRequest.bodyOf(request).orElse(null));
    exchanges.add(exchange);
    var answer = new GuestResponse(response, exchange, requestId, request);
    boolean entered = false;
    @Nullable Refusal refusal;
    try {
      entered = backend.enter(end - System.nanoTime());
      refusal =
          entered
              ? outcome(
                  backend, GuestRequest.of(request, exchange.body(), requestId), answer, requestId)
              : Refusal.BUSY;
    } catch (InterruptedException e) {
      refusal = Refusal.SHUTTING_DOWN;
    } finally {
      backend.leave(entered);
      exchanges.remove(exchange);
    }
    Exchange.Cut cut = exchange.end();
    refusal = cut == Exchange.Cut.TIMEOUT ? (entered ? Refusal.TIMEOUT : Refusal.BUSY) : refusal;
    if (cut == Exchange.Cut.CLIENT_GONE) {
      meter.clientLeft(app);
      throw new CloseConnectionException("the client left before it was answered");
    }
    if (refusal == null) {
      answer.finish();
    } else if (answer.isSent()) {
      backend.note("request " + requestId + " broken off half way: " + refusal.text());
      answer.breakOff(refusal.text());
    } else {
      refuse(request, response, refusal, requestId);
    }
  }

  private static @Nullable Refusal outcome(
      Backend backend, HttpRequest request, GuestResponse answer, String requestId)
      throws InterruptedException {
    try {
      Outcome outcome = backend.guest().answer(request, answer);
      Optional<Refusal> refusal = Refusal.of(outcome);
      if (refusal.isPresent()) {
        backend.note("request " + requestId + " failed: " + outcome);
      }
      return refusal.isPresent() || answer.isBegun() ? refusal.orElse(null) : Refusal.NOT_HTTP;
    } catch (HttpGuest.BadResponseException e) {
      backend.note("request " + requestId + " got no HTTP response: " + e.getMessage());
      return Refusal.NOT_HTTP;
    }
  }

  private static boolean isLast(ServerRequest request, ServerResponse response) {
    return request.headers().contains(HeaderValues.CONNECTION_CLOSE)
        || response.headers().contains(HeaderValues.CONNECTION_CLOSE);
  }

  private static void refuse(
      ServerRequest request, ServerResponse response, Refusal refusal, String requestId) {
    response.status(Status.create(refusal.status()));
    response.headers().set(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(RequestId.HEADER, requestId);
    if (refusal.retryAfterSeconds() > 0) {
      response.headers().set(HeaderNames.RETRY_AFTER, String.valueOf(refusal.retryAfterSeconds()));
    }
    if (GuestRequest.hasBody(request)) {
      // Nobody reads what is left of the body, and it may be endless.
      response.headers().set(HeaderValues.CONNECTION_CLOSE);
    }
    String text = refusal.text() + " (request " + requestId + ")\n";
    response.send(text.getBytes(StandardCharsets.UTF_8));
  }
}
