package dev.dunlin.agent.instance;

import dev.dunlin.agent.http.Serving;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.HttpGuest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/** What is under way of an instance. */
sealed interface Run extends AutoCloseable {
  /** Bytes of linear memory now. */
  long memoryBytes();

  /** Ends it as gently as it can be; blocks until it has ended, at most for {@code grace}. */
  void drain(Duration atLeast, Duration grace);

  @Override
  void close();

  /** A command. WASI preview 1 has no signals: it cannot be told, so it is ended at once. */
  record Command(Execution execution, OutputStream out, OutputStream err) implements Run {
    @Override
    public long memoryBytes() {
      return execution.usage().memoryBytes();
    }

    @Override
    public void drain(Duration atLeast, Duration grace) {
      execution.cancel();
    }

    @Override
    public void close() {
      execution.close();
      try {
        out.close();
        err.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** An http guest behind its app's port. */
  record Http(Serving serving, HttpGuest guest, OutputStream out, OutputStream err) implements Run {
    @Override
    public long memoryBytes() {
      return guest.usage().memoryBytes();
    }

    @Override
    public void drain(Duration atLeast, Duration grace) {
      serving.drain(atLeast, grace);
    }

    @Override
    public void close() {
      // First the place behind the port, so that no request comes to a guest that has ended.
      serving.close();
      guest.close();
      try {
        out.close();
        err.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
