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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends a guest's answer to the client. */
final class GuestResponse implements HttpResponse {
  private final ServerResponse response;
  private final Exchange exchange;
  private final String requestId;
  private final ServerRequest request;
  private volatile @Nullable OutputStream body;

  GuestResponse(
      ServerResponse response, Exchange exchange, String requestId, ServerRequest request) {
    this.response = response;
    this.exchange = exchange;
    this.requestId = requestId;
    this.request = request;
  }

  @Override
  public OutputStream begin(int status, List<HttpHeader> headers) throws IOException {
    if (status < 200 || status > 599) {
      throw new BadResponseException("expected a status from 200 to 599, found " + status);
    }
    exchange.begin();
    response.status(Status.create(status));
    response.headers().set(RequestId.HEADER, requestId);
    for (HttpHeader header : headers) {
      HeaderName name = HeaderNames.create(header.name());
      if (!GuestRequest.isConnectionOnly(name.lowerCase())) {
        response.headers().add(HeaderValues.create(name, header.value()));
      }
    }
    OutputStream out = new ClientStream(response.outputStream(), withoutBody(status));
    body = out;
    return out;
  }

  boolean hasBegun() {
    return body != null;
  }

  /** Ends an answer that is whole. */
  void finish() {
    OutputStream out = body;
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw new CloseConnectionException("the client left before its answer was whole", e);
    }
  }

  /** Makes the client see that the answer is not whole: there is no other way once it has begun. */
  void breakOff(String why) {
    AppConnection.current().ifPresent(AppConnection::closeNow);
    throw new CloseConnectionException(why);
  }

  private boolean withoutBody(int status) {
    return status == 204 || status == 304 || request.prologue().method().text().equals("HEAD");
  }

  /** Speaks of a client that has gone as the guest understands it: an I/O error. */
  private static final class ClientStream extends OutputStream {
    private final OutputStream out;
    private final boolean discard;

    ClientStream(OutputStream out, boolean discard) {
      this.out = out;
      this.discard = discard;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (discard) {
        return;
      }
      try {
        out.write(bytes, offset, count);
      } catch (UncheckedIOException | IllegalStateException | CloseConnectionException e) {
        throw new IOException("the client has gone", e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (UncheckedIOException | IllegalStateException | CloseConnectionException e) {
        throw new IOException("the client has gone", e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } catch (UncheckedIOException | IllegalStateException | CloseConnectionException e) {
        throw new IOException("the client has gone", e);
      }
    }
  }
}
