package dev.dunlin.agent.instance;

import dev.dunlin.agent.http.Serving;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/** What is under way of an instance. */
sealed interface Run extends AutoCloseable {
  /** What it has used so far. */
  Usage usage();

  /** How much of its CPU time has been counted. */
  CpuTally cpu();

  /** Ends it as gently as it can be; blocks until it has ended, at most for {@code grace}. */
  void drain(Duration atLeast, Duration grace);

  @Override
  void close();

  /** A command. WASI preview 1 has no signals: it cannot be told, so it is ended at once. */
  record Command(Execution execution, OutputStream out, OutputStream err, CpuTally cpu)
      implements Run {
    @Override
    public Usage usage() {
      return execution.usage();
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
  record Http(Serving serving, HttpGuest guest, OutputStream out, OutputStream err, CpuTally cpu)
      implements Run {
    @Override
    public Usage usage() {
      return guest.usage();
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
