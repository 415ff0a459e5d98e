package dev.dunlin.agent.http;

import dev.dunlin.agent.idle.CannotWakeException;
import dev.dunlin.agent.trace.RequestTrace;
import dev.dunlin.agent.trace.Tracing;
import dev.dunlin.agent.traffic.TrapKind;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.Outcome;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers one request: finds an instance, waits its turn, lets the guest answer. */
final class AppHandler {
  private final Exchanges exchanges;
  private final HttpMeter meter;
  private final Tracing tracing;

  AppHandler(Exchanges exchanges, HttpMeter meter, Tracing tracing) {
    this.exchanges = exchanges;
    this.meter = meter;
    this.tracing = tracing;
  }

  void answer(AppPort port, ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    String requestId = RequestId.of(request);
    RequestTrace trace = Traced.begin(tracing, port.app(), request, requestId);
    int status = RequestTrace.BROKEN_OFF;
    try {
      answer(port, request, response, requestId, trace, start);
      status = response.status().code();
    } finally {
      trace.end(status);
    }
    if (isLast(request, response)) {
      // RFC 9112, 9.6: the server closes; Helidon 4.5.0 leaves that to the client.
      AppConnection.current().ifPresent(AppConnection::closeAfterThis);
    }
  }

  private void answer(
      AppPort port,
      ServerRequest request,
      ServerResponse response,
      String requestId,
      RequestTrace trace,
      long start) {
    boolean byOne = RequestTarget.isVisible(request.prologue());
    if (byOne) {
      byOne = answerByOne(port, request, response, requestId, trace, start);
    } else {
      refuse(request, response, Refusal.BAD_TARGET, requestId);
    }
    if (!byOne) {
      meter.answered(port.app(), response.status().code(), System.nanoTime() - start);
    }
  }

  /** False: no instance had a part in it. */
  private boolean answerByOne(
      AppPort port,
      ServerRequest request,
      ServerResponse response,
      String requestId,
      RequestTrace trace,
      long start) {
    @Nullable InputStream body = GuestRequest.bodyOf(request).orElse(null);
    while (true) {
      Optional<Backend> backend = port.next();
      if (backend.isEmpty()) {
        refuse(request, response, Refusal.NO_INSTANCE, requestId);
        return false;
      }
      if (answer(port.app(), backend.get(), request, body, response, requestId, trace, start)) {
        return true;
      }
    }
  }

  /** False: the instance was taken away while the request waited for it, and has not seen it. */
  private boolean answer(
      AppKey app,
      Backend backend,
      ServerRequest request,
      @Nullable InputStream body,
      ServerResponse response,
      String requestId,
      RequestTrace trace,
      long start) {
    trace.servedBy(backend.revision(), backend.instance());
    if (backend.isDraining()) {
      // Established connections do not follow the Service's endpoints; this makes the client open
      // a new one.
      sendAway(response);
    }
    long end = start + backend.timeout().toNanos();
    var exchange = new Exchange(end, AppConnection.current().orElse(null), body);
    exchanges.add(exchange);
    var answer = new GuestResponse(response, exchange, requestId, request);
    boolean entered = false;
    boolean gone = false;
    @Nullable Refusal refusal;
    var traffic = backend.traffic();
    long came = System.nanoTime();
    traffic.come();
    try {
      try {
        entered = backend.enter(end - came);
      } finally {
        traffic.waited(System.nanoTime() - came);
      }
      gone = backend.standing() == Backend.Standing.OUT;
      refusal =
          entered && !gone
              ? outcome(
                  backend,
                  GuestRequest.of(request, exchange.body(), requestId, trace.context()),
                  answer,
                  requestId)
              : Refusal.BUSY;
    } catch (InterruptedException e) {
      refusal = Refusal.SHUTTING_DOWN;
    } finally {
      backend.leave(entered);
      traffic.gone();
      exchanges.remove(exchange);
    }
    Exchange.Cut cut = exchange.end();
    if (entered && gone && cut == null) {
      return false;
    }
    refusal = cut == Exchange.Cut.TIMEOUT ? (entered ? Refusal.TIMEOUT : Refusal.BUSY) : refusal;
    if (cut == Exchange.Cut.CLIENT_GONE) {
      meter.clientLeft(app);
      throw new CloseConnectionException("the client left before it was answered");
    }
    if (Refusal.TIMEOUT.equals(refusal)) {
      traffic.trapped(TrapKind.DEADLINE_EXCEEDED);
    }
    if (refusal == null) {
      answer.finish();
    } else if (answer.isSent()) {
      backend.note("request " + requestId + " broken off half way: " + refusal.text());
      answer.breakOff(refusal.text());
    } else {
      refuse(request, response, refusal, requestId);
    }
    traffic.answered(response.status().code(), System.nanoTime() - start);
    return true;
  }

  private static @Nullable Refusal outcome(
      Backend backend, HttpRequest request, GuestResponse answer, String requestId)
      throws InterruptedException {
    try {
      Outcome outcome = backend.guest().answer(request, answer);
      TrapKind.of(outcome)
          .filter(kind -> kind != TrapKind.DEADLINE_EXCEEDED) // who answers counts them all
          .ifPresent(backend.traffic()::trapped);
      Optional<Refusal> refusal = Refusal.of(outcome);
      if (refusal.isPresent()) {
        backend.note("request " + requestId + " failed: " + outcome);
      }
      return refusal.isPresent() || answer.isBegun() ? refusal.orElse(null) : Refusal.NOT_HTTP;
    } catch (CannotWakeException e) {
      backend.note("request " + requestId + " was not answered: " + e.getMessage());
      return Refusal.NOT_WOKEN;
    } catch (HttpGuest.BadResponseException e) {
      backend.note("request " + requestId + " got no HTTP response: " + e.getMessage());
      return Refusal.NOT_HTTP;
    }
  }

  private static void sendAway(ServerResponse response) {
    closeAfter(response);
    AppConnection.ofStream().ifPresent(AppConnection::goAway);
  }

  /** An HTTP/2 answer with this field is malformed (RFC 9113, 8.2.2): its client would lose it. */
  private static void closeAfter(ServerResponse response) {
    if (AppConnection.current().isPresent()) {
      response.headers().set(HeaderValues.CONNECTION_CLOSE);
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
      closeAfter(response);
    }
    String text = refusal.text() + " (request " + requestId + ")\n";
    response.send(text.getBytes(StandardCharsets.UTF_8));
  }
}
