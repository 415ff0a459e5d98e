package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.HttpGetProbe;
import dev.dunlin.api.v1alpha1.Probe;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Asks an http app by a request to its handler, without a socket and beside the requests of its
 * clients: an app whose every turn is taken is asked all the same.
 *
 * @param guest stays the caller's to close
 * @param authority of the request, where the probe does not name a host
 */
public record HttpAsking(HttpGuest guest, String authority) implements Asking {
  /** As much of an answer's body as kubelet reads. */
  private static final int MOST_BODY_BYTES = 10 << 10;

  private static final HttpHeader AGENT = new HttpHeader("user-agent", "dunlin-probe");
  private static final HttpHeader ACCEPT = new HttpHeader("accept", "*/*");

  @Override
  public ProbeResult ask(Probe probe) throws InterruptedException {
    HttpGetProbe get = probe.httpGet();
    if (get == null) {
      return new ProbeResult.Unknown("an http app has httpGet probes only");
    }
    var answer = new Status();
    try {
      Outcome outcome = guest.answer(request(get), answer);
      return answer.judge(outcome);
    } catch (HttpGuest.BadResponseException e) {
      return new ProbeResult.Bad("no HTTP response: " + e.getMessage());
    }
  }

  private HttpRequest request(HttpGetProbe get) {
    int mark = get.path().indexOf('?');
    String path = mark < 0 ? get.path() : get.path().substring(0, mark);
    String query = mark < 0 ? "" : get.path().substring(mark + 1);
    String host = authority;
    List<HttpHeader> headers = new ArrayList<>();
    for (var header : get.httpHeaders()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.equals("host")) {
        host = header.value();
      } else {
        headers.add(new HttpHeader(name, header.value()));
      }
    }
    addUnlessNamed(headers, AGENT);
    addUnlessNamed(headers, ACCEPT);
    headers.addFirst(new HttpHeader("host", host));
    return new HttpRequest(
        "GET", "http", host, path, query, headers, InputStream.nullInputStream(), "127.0.0.1");
  }

  private static void addUnlessNamed(List<HttpHeader> headers, HttpHeader header) {
    if (headers.stream().noneMatch(named -> named.name().equals(header.name()))) {
      headers.add(header);
    }
  }

  /** Keeps the status, and takes of the body no more than kubelet would. */
  private static final class Status implements HttpResponse {
    private @Nullable Integer status;
    private boolean longer;

    @Override
    public OutputStream begin(int code, List<HttpHeader> headers) {
      status = code;
      return new OutputStream() {
        private int taken;

        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          taken += Math.min(length, MOST_BODY_BYTES + 1);
          if (taken > MOST_BODY_BYTES) {
            longer = true;
            throw new IOException("a probe reads " + MOST_BODY_BYTES + " bytes at the most");
          }
        }
      };
    }

    ProbeResult judge(Outcome outcome) {
      boolean whole = longer || (outcome instanceof Outcome.Exited(int code) && code == 0);
      if (outcome instanceof Outcome.OutOfMemory(long limit, boolean engineFull) && engineFull) {
        return new ProbeResult.Unknown("the agent has no memory left for the probe");
      }
      Integer code = status;
      if (!whole || code == null) {
        return new ProbeResult.Bad(text(outcome));
      }
      return code >= 200 && code < 400
          ? ProbeResult.GOOD
          : new ProbeResult.Bad("HTTP probe failed with statuscode: " + code);
    }

    private static String text(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Exited(int code) ->
            code == 0 ? "no HTTP response" : "the app ended with exit code " + code;
        case Outcome.Trapped(Outcome.TrapKind kind, String message) ->
            "the app trapped: " + message;
        case Outcome.OutOfMemory ignored -> "the app ran out of its memory limit";
        case Outcome.DeadlineExceeded ignored -> "the app took longer than its timeoutSeconds";
        case Outcome.CpuTimeExceeded ignored -> "the app ran out of its limit of CPU time";
        case Outcome.Cancelled() -> "the app was stopped";
      };
    }
  }
}
