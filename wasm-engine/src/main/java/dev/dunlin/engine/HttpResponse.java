package dev.dunlin.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Where a guest's answer goes. */
public interface HttpResponse {
  /**
   * Sends status and headers, and gives the stream for the body. Called at most once.
   *
   * @throws IOException when the client has gone
   */
  OutputStream begin(int status, List<HttpHeader> headers) throws IOException;
}
