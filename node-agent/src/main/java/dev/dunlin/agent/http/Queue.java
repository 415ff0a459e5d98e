package dev.dunlin.agent.http;

/** How many requests wait on this agent: bounded in all, and for each app. Guarded by itself. */
final class Queue {
  /** What becomes of a request that has to wait. */
  enum Verdict {
    WAITS,
    /** As many of its app wait as may. */
    APP_FULL,
    /** As many of all apps wait as may, or its app has its share of them. */
    AGENT_FULL
  }

  private final Shares<AppKey> shares;

  /**
   * @param most of all apps
   */
  Queue(int most) {
    this.shares = new Shares<>(most);
  }

  /**
   * A request would wait.
   *
   * @param most of its app
   */
  synchronized Verdict come(AppKey app, int most) {
    if (shares.held(app) >= most) {
      return Verdict.APP_FULL;
    }
    return shares.take(app) ? Verdict.WAITS : Verdict.AGENT_FULL;
  }

  /** One that waited does not any more. */
  synchronized void gone(AppKey app) {
    shares.give(app);
  }
}
