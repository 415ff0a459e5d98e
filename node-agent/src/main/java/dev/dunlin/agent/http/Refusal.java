package dev.dunlin.agent.http;

import dev.dunlin.engine.Outcome;
import java.util.Optional;

/**
 * The agent's answer in a guest's place: short, plain, and without the house's internals.
 *
 * @param reason in a word, for those who count
 * @param retryAfterSeconds 0 where trying again soon does not help
 */
record Refusal(int status, String reason, String text, int retryAfterSeconds) {
  static final Refusal BAD_TARGET =
      new Refusal(400, "BadTarget", "expected a path and a query of visible ASCII characters", 0);
  static final Refusal NO_INSTANCE =
      new Refusal(503, "NoInstance", "no instance of this app is ready on this node", 1);
  static final Refusal BAD_METHOD =
      new Refusal(405, "BadMethod", "CONNECT and TRACE are not for apps", 0);
  static final Refusal QUEUE_FULL =
      new Refusal(503, "QueueFull", "as many requests of this app wait already as may", 1);
  static final Refusal AGENT_FULL =
      new Refusal(503, "AgentQueueFull", "as many requests wait on this node already as may", 1);
  static final Refusal BODY_TOO_LONG =
      new Refusal(
          413, "RequestTooLong", "the request's body is longer than this app's maxRequestBody", 0);
  static final Refusal BODY_SLOW =
      new Refusal(408, "RequestTooSlow", "the request's body came too slowly", 0);
  static final Refusal BODY_MALFORMED =
      new Refusal(400, "BadBody", "the request's body is not HTTP", 0);
  static final Refusal ANSWER_TOO_LONG =
      new Refusal(502, "AnswerTooLong", "the app's answer is longer than its maxResponseBody", 0);
  static final Refusal BUSY =
      new Refusal(
          503,
          "Busy",
          "all instances of this app are busy, and were for as long as may be waited",
          1);
  static final Refusal SHUTTING_DOWN =
      new Refusal(503, "ShuttingDown", "the app is being stopped on this node", 1);
  static final Refusal TIMEOUT =
      new Refusal(504, "Timeout", "the app took longer than its timeoutSeconds", 0);
  static final Refusal NOT_WOKEN =
      new Refusal(
          503,
          "NotWoken",
          "the app was idle and cannot be loaded now; its instance's Events say why",
          1);
  static final Refusal NOT_HTTP =
      new Refusal(502, "NotHttp", "the app's answer is not an HTTP response; its log says more", 0);

  /** What a guest's end means for a request that it has not answered; empty: it has. */
  static Optional<Refusal> of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Exited(int code) ->
          code == 0
              ? Optional.empty()
              : Optional.of(new Refusal(502, "Failed", "the app ended with exit code " + code, 0));
      case Outcome.Trapped ignored ->
          Optional.of(new Refusal(502, "Failed", "the app trapped; its log says more", 0));
      case Outcome.OutOfMemory ignored ->
          Optional.of(new Refusal(502, "Failed", "the app ran out of its memory limit", 0));
      case Outcome.DeadlineExceeded ignored -> Optional.of(TIMEOUT);
      case Outcome.CpuTimeExceeded ignored ->
          Optional.of(new Refusal(502, "Failed", "the app ran out of its limit of CPU time", 0));
      case Outcome.Cancelled() -> Optional.of(SHUTTING_DOWN);
    };
  }
}
