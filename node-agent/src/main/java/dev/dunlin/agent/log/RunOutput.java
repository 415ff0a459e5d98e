package dev.dunlin.agent.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Where one run of an instance writes. */
public record RunOutput(OutputStream out, OutputStream err) implements AutoCloseable {
  /** Has its last lines written, and ends what follows the run's log. */
  @Override
  public void close() {
    try (out;
        err) {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
