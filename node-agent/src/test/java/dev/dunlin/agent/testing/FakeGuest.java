package dev.dunlin.agent.testing;

import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Usage;
import java.io.IOException;
import java.time.Duration;

/** A guest that answers as a test says. */
public final class FakeGuest implements HttpGuest {
  /** How it answers. */
  public interface Script {
    Outcome answer(HttpRequest request, HttpResponse response)
        throws IOException, InterruptedException;
  }

  public volatile boolean closed;
  private final Script script;

  public FakeGuest(Script script) {
    this.script = script;
  }

  @Override
  public Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException {
    try {
      return script.answer(request, response);
    } catch (IOException e) {
      return new Outcome.Exited(74);
    }
  }

  @Override
  public Usage usage() {
    return new Usage(Duration.ZERO, 65_536);
  }

  @Override
  public void close() {
    closed = true;
  }
}
