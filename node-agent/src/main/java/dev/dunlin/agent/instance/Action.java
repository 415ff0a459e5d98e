package dev.dunlin.agent.instance;

import java.time.Duration;
import java.util.Optional;

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

  /** End what is under way at once; ends in Drained. */
  record Evict() implements Action {}

  /** End what runs, but keep what it is started anew from; ends in Halted, if something ran. */
  record Halt(Fault fault) implements Action {}

  /** End what runs, to start it anew; ends in Ended. Empty: with the instance's grace. */
  record Kill(Optional<Duration> grace) implements Action {}

  /** Remove the files of an instance whose object stays. */
  record RemoveFiles() implements Action {}

  /** Give back module, files and port, and tell the API server that nothing is left. */
  record Release() implements Action {}

  /** Count a start after the first. */
  record CountRestart() implements Action {}

  /** An Event for those who look. */
  record Tell(boolean warning, String reason, String message) implements Action {}
}
