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
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers one request: finds an instance, waits its turn, lets the guest answer. */
final class AppHandler {
  private final Exchanges exchanges;
  private final Turnstile turnstile;
  private final HttpMeter meter;
  private final Tracing tracing;
  private final Duration patience;

  /**
   * @param patience with a client that sends a body slowly
   */
  AppHandler(
      Exchanges exchanges,
      Turnstile turnstile,
      HttpMeter meter,
      Tracing tracing,
      Duration patience) {
    this.exchanges = exchanges;
    this.turnstile = turnstile;
    this.meter = meter;
    this.tracing = tracing;
    this.patience = patience;
  }

  /** One request on its way through here. */
  private record Asked(
      AppKey app,
      ServerRequest request,
      ServerResponse response,
      Optional<Supplier<InputStream>> body,
      String id,
      RequestTrace trace,
      long start) {}

  void answer(AppPort port, ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    String id = RequestId.of(request);
    RequestTrace trace = Traced.begin(tracing, port.app(), request, id);
    int status = RequestTrace.BROKEN_OFF;
    try {
      var body = GuestRequest.bodyOf(request);
      answer(port, new Asked(port.app(), request, response, body, id, trace, start));
      status = response.status().code();
    } finally {
      trace.end(status);
    }
    if (isLast(request, response)) {
      // RFC 9112, 9.6: the server closes; Helidon 4.5.0 leaves that to the client.
      AppConnection.current().ifPresent(AppConnection::closeAfterThis);
    }
  }

  private void answer(AppPort port, Asked asked) {
    Optional<Refusal> refusal = RequestTarget.refusal(asked.request().prologue());
    refusal.ifPresent(why -> refuse(asked, why));
    if (refusal.isPresent() || !answerByOne(port, asked)) {
      int status = asked.response().status().code();
      meter.answered(asked.app(), status, System.nanoTime() - asked.start());
    }
  }

  /** False: no instance had a part in it. */
  private boolean answerByOne(AppPort port, Asked asked) {
    try (var visit = turnstile.visit(asked.app())) {
      while (true) {
        Optional<Backend> backend = port.next();
        if (backend.isEmpty()) {
          refuse(asked, Refusal.NO_INSTANCE);
          return false;
        }
        if (answer(asked, backend.get(), visit)) {
          return true;
        }
      }
    }
  }

  /** False: the instance was taken away while the request waited for it, and has not seen it. */
  private boolean answer(Asked asked, Backend backend, Turnstile.Visit visit) {
    asked.trace().servedBy(backend.revision(), backend.instance());
    if (backend.isDraining()) {
      // Established connections do not follow the Service's endpoints; this makes the client open
      // a new one.
      sendAway(asked.response());
    }
    Bounds bounds = backend.bounds();
    if (GuestRequest.saysMoreThan(asked.request(), bounds.maxRequestBody())) {
      refuse(asked, Refusal.BODY_TOO_LONG);
      backend.traffic().answered(Refusal.BODY_TOO_LONG.status(), 0);
      return true;
    }
    var exchange =
        new Exchange(
            asked.start() + backend.timeout().toNanos(),
            AppConnection.current().orElse(null),
            asked.body(),
            bounds.maxRequestBody(),
            patience);
    var answer =
        new GuestResponse(
            asked.response(), exchange, asked.id(), asked.request(), bounds.maxResponseBody());
    var traffic = backend.traffic();
    Turnstile.Passage passage = Turnstile.Passage.TOO_LATE;
    @Nullable Refusal refusal = Refusal.BUSY;
    exchanges.add(exchange);
    backend.come();
    traffic.come();
    try {
      passage = enter(asked, backend, visit);
      refusal = passage == Turnstile.Passage.IN ? work(asked, backend, exchange, answer) : null;
    } catch (InterruptedException e) {
      refusal = Refusal.SHUTTING_DOWN;
    } finally {
      if (passage == Turnstile.Passage.IN) {
        visit.leave(backend);
      }
      backend.gone();
      traffic.gone();
      exchanges.remove(exchange);
    }
    Exchange.Cut cut = exchange.end();
    if (passage == Turnstile.Passage.GONE && cut == null) {
      return false;
    }
    if (cut == Exchange.Cut.CLIENT_GONE) {
      meter.clientLeft(asked.app());
      throw new CloseConnectionException("the client left before it was answered");
    }
    end(asked, backend, answer, verdict(passage, cut, answer, refusal));
    traffic.answered(asked.response().status().code(), System.nanoTime() - asked.start());
    return true;
  }

  private static Turnstile.Passage enter(Asked asked, Backend backend, Turnstile.Visit visit)
      throws InterruptedException {
    var traffic = backend.traffic();
    long came = System.nanoTime();
    try {
      return visit.enter(backend, asked.start() + backend.timeout().toNanos());
    } finally {
      traffic.waited(System.nanoTime() - came);
    }
  }

  private static @Nullable Refusal work(
      Asked asked, Backend backend, Exchange exchange, GuestResponse answer)
      throws InterruptedException {
    HttpRequest request =
        GuestRequest.of(asked.request(), exchange.body(), asked.id(), asked.trace().context());
    try {
      Outcome outcome = backend.guest().answer(request, answer);
      TrapKind.of(outcome)
          .filter(kind -> kind != TrapKind.DEADLINE_EXCEEDED) // who answers counts them all
          .ifPresent(backend.traffic()::trapped);
      Optional<Refusal> refusal = Refusal.of(outcome);
      if (refusal.isPresent()) {
        backend.note("request " + asked.id() + " failed: " + outcome);
      }
      return refusal.isPresent() || answer.isBegun() ? refusal.orElse(null) : Refusal.NOT_HTTP;
    } catch (CannotWakeException e) {
      backend.note("request " + asked.id() + " was not answered: " + e.getMessage());
      return Refusal.NOT_WOKEN;
    } catch (HttpGuest.BadResponseException e) {
      backend.note("request " + asked.id() + " got no HTTP response: " + e.getMessage());
      return Refusal.NOT_HTTP;
    }
  }

  /** What a request is refused for; null: it has its answer. */
  private static @Nullable Refusal verdict(
      Turnstile.Passage passage,
      Exchange.@Nullable Cut cut,
      GuestResponse answer,
      @Nullable Refusal refusal) {
    if (cut == Exchange.Cut.BODY_TOO_LONG) {
      return Refusal.BODY_TOO_LONG;
    } else if (cut == Exchange.Cut.BODY_SLOW) {
      return Refusal.BODY_SLOW;
    } else if (cut == Exchange.Cut.BODY_MALFORMED) {
      return Refusal.BODY_MALFORMED;
    }
    return switch (passage) {
      case IN ->
          cut == Exchange.Cut.TIMEOUT
              ? Refusal.TIMEOUT
              : answer.isTooLong() ? Refusal.ANSWER_TOO_LONG : refusal;
      case APP_FULL -> Refusal.QUEUE_FULL;
      case AGENT_FULL -> Refusal.AGENT_FULL;
      case TOO_LATE, GONE -> cut == null && refusal != null ? refusal : Refusal.BUSY;
    };
  }

  private void end(Asked asked, Backend backend, GuestResponse answer, @Nullable Refusal refusal) {
    if (Refusal.TIMEOUT.equals(refusal)) {
      backend.traffic().trapped(TrapKind.DEADLINE_EXCEEDED);
    }
    if (Refusal.ANSWER_TOO_LONG.equals(refusal)) {
      backend.note("request " + asked.id() + ": " + answer.tooLongText());
    }
    if (refusal == null) {
      answer.finish();
    } else if (answer.isSent()) {
      backend.note("request " + asked.id() + " broken off half way: " + refusal.text());
      answer.breakOff(refusal.text());
    } else {
      refuse(asked, refusal);
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

  private void refuse(Asked asked, Refusal refusal) {
    meter.refused(asked.app(), refusal.reason());
    ServerResponse response = asked.response();
    response.status(Status.create(refusal.status()));
    response.headers().set(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(RequestId.HEADER, asked.id());
    if (Refusal.BAD_METHOD.equals(refusal)) {
      response.headers().set(HeaderNames.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    if (refusal.retryAfterSeconds() > 0) {
      response.headers().set(HeaderNames.RETRY_AFTER, String.valueOf(refusal.retryAfterSeconds()));
    }
    if (GuestRequest.hasBody(asked.request())) {
      // Nobody reads what is left of the body, and it may be endless.
      closeAfter(response);
    }
    String text = refusal.text() + " (request " + asked.id() + ")\n";
    response.send(text.getBytes(StandardCharsets.UTF_8));
  }
}
