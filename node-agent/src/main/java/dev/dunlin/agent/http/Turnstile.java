package dev.dunlin.agent.http;

/**
 * Lets requests to their guests: each needs a turn of its instance, time within the instance's CPU
 * limit, and a place of the agent. Who does not have them at once waits, if the queue takes it.
 */
final class Turnstile {
  /** What became of a request that wanted in. */
  enum Passage {
    IN,
    /** It waited for as long as it may. */
    TOO_LATE,
    APP_FULL,
    AGENT_FULL,
    /** Its instance was taken away meanwhile; it has not seen it. */
    GONE
  }

  private final Queue queue;
  private final Places places;

  Turnstile(Queue queue, Places places) {
    this.queue = queue;
    this.places = places;
  }

  Visit visit(AppKey app) {
    return new Visit(app);
  }

  /** One request's way. Belongs to its thread. */
  final class Visit implements AutoCloseable {
    private final AppKey app;
    private boolean waits;

    private Visit(AppKey app) {
      this.app = app;
    }

    /**
     * Waits for its turn. Where this is IN, {@link #leave} follows; where it is GONE, another
     * instance may be tried, and the place in the queue is kept for that.
     *
     * @param end of {@link System#nanoTime}
     */
    Passage enter(Backend backend, long end) throws InterruptedException {
      Passage passage = pass(backend, System.nanoTime());
      if (passage == Passage.TOO_LATE) {
        Passage refused = join(backend);
        passage = refused == Passage.IN ? pass(backend, end) : refused;
      }
      if (passage != Passage.GONE) {
        close();
      }
      return passage;
    }

    void leave(Backend backend) {
      places.give(app);
      backend.giveCpu();
      backend.giveTurn();
    }

    /** Waits no more. */
    @Override
    public void close() {
      if (waits) {
        waits = false;
        queue.gone(app);
      }
    }

    private Passage join(Backend backend) {
      if (waits) {
        return Passage.IN;
      }
      Passage passage =
          switch (queue.come(app, backend.bounds().maxQueued())) {
            case WAITS -> Passage.IN;
            case APP_FULL -> Passage.APP_FULL;
            case AGENT_FULL -> Passage.AGENT_FULL;
          };
      waits = passage == Passage.IN;
      return passage;
    }

    private Passage pass(Backend backend, long end) throws InterruptedException {
      if (!backend.takeTurn(end - System.nanoTime())) {
        return Passage.TOO_LATE;
      }
      boolean in = false;
      try {
        if (backend.standing() == Backend.Standing.OUT) {
          return Passage.GONE;
        }
        in = backend.awaitCpu(end - System.nanoTime()) && takePlace(backend, end);
        return in ? Passage.IN : Passage.TOO_LATE;
      } finally {
        if (!in) {
          backend.giveTurn();
        }
      }
    }

    private boolean takePlace(Backend backend, long end) throws InterruptedException {
      boolean taken = false;
      try {
        taken = places.take(app, end - System.nanoTime());
        return taken;
      } finally {
        if (!taken) {
          backend.giveCpu();
        }
      }
    }
  }
}
