package dev.dunlin.https;

import java.io.IOException;

/** Answers requests, each on a virtual thread of its connection's. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers one.
   *
   * @throws IOException when the client has gone
   */
  void answer(Request request, Response response) throws IOException;
}
