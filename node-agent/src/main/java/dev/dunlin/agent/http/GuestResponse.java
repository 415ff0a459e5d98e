package dev.dunlin.agent.http;

import dev.dunlin.engine.HttpGuest.BadResponseException;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpResponse;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends a guest's answer to the client. Status and headers leave with the first byte of the body,
 * so that a guest that fails before that can still be answered for.
 */
final class GuestResponse implements HttpResponse {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,30}");

  private final ServerResponse response;
  private final Exchange exchange;
  private final String requestId;
  private final boolean head;
  private final long maxBody;

  /** Whether its body would be longer than it may be; what is, is not sent. */
  private volatile boolean tooLong;

  /** Written by the engine's thread, read by the connection's once the guest has ended. */
  private volatile @Nullable Answer answer;

  /** Null until the first byte has left. */
  private volatile @Nullable OutputStream sent;

  /** Bytes of a body that is not sent, because the request was HEAD. */
  private final AtomicLong discarded = new AtomicLong();

  private record Answer(int status, List<HttpHeader> headers) {
    boolean hasBody() {
      return status != 204 && status != 304;
    }
  }

  /**
   * @param maxBody bytes
   */
  GuestResponse(
      ServerResponse response,
      Exchange exchange,
      String requestId,
      ServerRequest request,
      long maxBody) {
    this.response = response;
    this.exchange = exchange;
    this.requestId = requestId;
    this.maxBody = maxBody;
    this.head = request.prologue().method().text().equals("HEAD");
  }

  @Override
  public OutputStream begin(int status, List<HttpHeader> headers) {
    if (status < 200 || status > 599) {
      throw new BadResponseException("expected a status from 200 to 599, found " + status);
    }
    if (saysTooMuch(headers)) {
      tooLong = true;
      throw new BadResponseException(tooLongText());
    }
    var begun = new Answer(status, List.copyOf(headers));
    answer = begun;
    return new Body(begun);
  }

  /** Whether it is, or would be, longer than it may be. */
  boolean isTooLong() {
    return tooLong;
  }

  String tooLongText() {
    return "the answer's body is longer than %d bytes (maxResponseBody)".formatted(maxBody);
  }

  boolean isBegun() {
    return answer != null;
  }

  /** Whether the client has seen anything of it. */
  boolean isSent() {
    return sent != null;
  }

  /** Ends an answer that is whole. */
  void finish() {
    try {
      OutputStream out = sent;
      Answer begun = answer;
      if (out != null) {
        out.close();
      } else if (begun != null) {
        writeHead(begun);
        if (head && begun.hasBody() && !response.headers().contains(HeaderNames.CONTENT_LENGTH)) {
          response.headers().set(HeaderNames.CONTENT_LENGTH, String.valueOf(discarded.get()));
        }
        response.send();
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("the client left before its answer was whole", e);
    }
  }

  /** Makes the client see that the answer is not whole: there is no other way once it has begun. */
  void breakOff(String why) {
    AppConnection.current().ifPresent(AppConnection::closeNow);
    throw new CloseConnectionException(why);
  }

  /** What is no number is for Helidon to refuse. */
  private boolean saysTooMuch(List<HttpHeader> headers) {
    return headers.stream()
        .filter(it -> it.name().equalsIgnoreCase(HeaderNames.CONTENT_LENGTH.lowerCase()))
        .map(it -> it.value().strip())
        .anyMatch(it -> NUMBER.matcher(it).matches() && new BigInteger(it).compareTo(most()) > 0);
  }

  private BigInteger most() {
    return BigInteger.valueOf(maxBody);
  }

  private void writeHead(Answer begun) {
    response.status(Status.create(begun.status()));
    response.headers().set(RequestId.HEADER, requestId);
    for (HttpHeader header : begun.headers()) {
      HeaderName name = HeaderNames.create(header.name());
      if (!GuestRequest.isConnectionOnly(name.lowerCase())) {
        response.headers().add(HeaderValues.create(name, header.value()));
      }
    }
  }

  /** The body; speaks of a client that has gone as the guest understands it: an I/O error. */
  private final class Body extends OutputStream {
    private final Answer begun;
    private long total;

    Body(Answer begun) {
      this.begun = begun;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (count == 0 || !begun.hasBody()) {
        return;
      }
      total += count;
      if (total > maxBody) {
        tooLong = true;
        throw new IOException(tooLongText());
      }
      if (head) {
        discarded.addAndGet(count);
        return;
      }
      try {
        open().write(bytes, offset, count);
      } catch (UncheckedIOException | IllegalStateException | CloseConnectionException e) {
        throw new IOException("the client has gone", e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        OutputStream out = sent;
        if (out != null) {
          out.flush();
        }
      } catch (UncheckedIOException | IllegalStateException | CloseConnectionException e) {
        throw new IOException("the client has gone", e);
      }
    }

    private OutputStream open() {
      OutputStream out = sent;
      if (out == null) {
        exchange.begin();
        writeHead(begun);
        out = response.outputStream();
        sent = out;
      }
      return out;
    }
  }
}
