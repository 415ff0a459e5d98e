package dev.dunlin.agent.http;

import dev.dunlin.engine.Outcome;
import java.util.Optional;

/**
 * The agent's answer in a guest's place: short, plain, and without the house's internals.
 *
 * @param retryAfterSeconds 0 where trying again soon does not help
 */
record Refusal(int status, String text, int retryAfterSeconds) {
  static final Refusal BAD_TARGET =
      new Refusal(400, "the request's path and query may hold visible ASCII characters only", 0);
  static final Refusal NO_INSTANCE =
      new Refusal(503, "no instance of this app is ready on this node", 1);
  static final Refusal BUSY =
      new Refusal(
          503, "all instances of this app are busy, and were for as long as may be waited", 1);
  static final Refusal SHUTTING_DOWN = new Refusal(503, "the app is being stopped on this node", 1);
  static final Refusal NOT_WOKEN =
      new Refusal(
          503, "the app was idle and cannot be loaded now; its instance's Events say why", 1);
  static final Refusal TIMEOUT = new Refusal(504, "the app took longer than its timeoutSeconds", 0);
  static final Refusal NOT_HTTP =
      new Refusal(502, "the app's answer is not an HTTP response; its log says more", 0);

  /** What a guest's end means for a request that it has not answered; empty: it has. */
  static Optional<Refusal> of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Exited(int code) ->
          code == 0
              ? Optional.empty()
              : Optional.of(new Refusal(502, "the app ended with exit code " + code, 0));
      case Outcome.Trapped ignored ->
          Optional.of(new Refusal(502, "the app trapped; its log says more", 0));
      case Outcome.OutOfMemory ignored ->
          Optional.of(new Refusal(502, "the app ran out of its memory limit", 0));
      case Outcome.DeadlineExceeded ignored -> Optional.of(TIMEOUT);
      case Outcome.CpuTimeExceeded ignored ->
          Optional.of(new Refusal(502, "the app ran out of its limit of CPU time", 0));
      case Outcome.Cancelled() -> Optional.of(SHUTTING_DOWN);
    };
  }
}
