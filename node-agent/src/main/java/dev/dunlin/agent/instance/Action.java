package dev.dunlin.agent.instance;

import java.time.Duration;

/** What is to be done after a signal. */
sealed interface Action {
  /** Pull and compile the module; ends in Loaded or Failed. */
  record Fetch() implements Action {}

  /** Read variables and volumes; ends in Configured or Failed. */
  record Configure() implements Action {}

  /** Start the command or open the port; ends in Started or Failed. */
  record Start() implements Action {}

  /** Signal RetryDue after that time. */
  record RetryAfter(Duration delay) implements Action {}

  /** End what is under way as gently as it can be; ends in Drained. */
  record Drain() implements Action {}

  /** Give back module, files and port, and tell the API server that nothing is left. */
  record Release() implements Action {}

  /** Count a start after the first. */
  record CountRestart() implements Action {}

  /** An Event for those who look. */
  record Tell(boolean warning, String reason, String message) implements Action {}
}
