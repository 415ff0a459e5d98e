package dev.dunlin.agent.idle;

import java.time.Duration;

/** What becomes of an instance that sleeps. */
public sealed interface IdleNews {
  /** It has given back its guest instances and is not asked; or a request has come. */
  record Idle(boolean now) implements IdleNews {}

  /** It has a guest again: a cold start. */
  record Woken(Duration took) implements IdleNews {}

  /** It could not be woken. */
  record NotWoken(RuntimeException why) implements IdleNews {}

  /** A request has begun to wait for it. */
  record Waits() implements IdleNews {}

  /** A request has waited for it, whether it was woken or not. */
  record Waited(Duration time) implements IdleNews {}
}
