package dev.dunlin.e2e.house;

import java.io.Closeable;
import java.io.IOException;

/**
 * A connection that one request after another is sent on. The JDK's clients send a request again
 * behind the caller's back when a connection breaks; a test that counts missed requests must see it
 * break.
 */
public sealed interface ClientConnection extends Closeable permits HttpConnection, Http2Connection {

  /**
   * Sends it, once, and waits for the whole answer.
   *
   * @throws IOException when there is none
   */
  HttpAnswer send(HttpCall call) throws IOException;

  /** Whether the server has said that it takes nothing more here. */
  boolean isClosing() throws IOException;
}
