package dev.dunlin.engine.cgi;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Carries one guest's output to its client, on the thread that asked. */
final class Answer {
  private static final int CHUNK_BYTES = 16 << 10;

  private final Execution execution;
  private final Pipe pipe;
  private final HttpResponse response;
  private final HeadReader head = new HeadReader();
  private @Nullable OutputStream body;

  Answer(Execution execution, Pipe pipe, HttpResponse response) {
    this.execution = execution;
    this.pipe = pipe;
    this.response = response;
  }

  Outcome perform() throws InterruptedException {
    try {
      var chunk = new byte[CHUNK_BYTES];
      for (int count; (count = pipe.take(chunk)) >= 0; ) {
        forward(chunk, count);
      }
      return finish(execution.outcome());
    } catch (InterruptedIOException e) { // by whoever wrote to the client
      throw (InterruptedException) new InterruptedException().initCause(e);
    } catch (IOException e) {
      execution.cancel(); // the client has gone: nobody waits for the rest
      return execution.outcome();
    }
  }

  private void forward(byte[] chunk, int count) throws IOException {
    int taken = body == null ? head.take(chunk, count) : 0;
    var complete = head.head();
    if (complete == null) {
      return;
    }
    if (body == null) {
      body = response.begin(complete.status(), complete.headers());
    }
    body.write(chunk, taken, count - taken);
    if (pipe.isEmpty()) {
      body.flush();
    }
  }

  private Outcome finish(Outcome outcome) throws IOException {
    if (!(outcome instanceof Outcome.Exited exited) || !exited.success()) {
      return outcome;
    }
    if (body == null) {
      throw head.incomplete();
    }
    body.close();
    return outcome;
  }
}
