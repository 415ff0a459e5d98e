package dev.dunlin.agent.instance;

import dev.dunlin.agent.probe.ProbeNews;
import dev.dunlin.agent.signature.Judgement;
import dev.dunlin.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What can happen to an instance. */
sealed interface Signal {
  /** The agent takes it on. */
  record Begun() implements Signal {}

  /** The policies let its image start; empty where none concerns it. */
  record Judged(Optional<Judgement> judgement) implements Signal {}

  /** The module's bytes are on the disk. */
  record Pulled() implements Signal {}

  /** It is still being compiled, or waits for its turn. */
  record Compiling(Duration since, boolean waiting) implements Signal {}

  /** The module is compiled, in memory. */
  record Loaded() implements Signal {}

  /** Whether a loaded module's code is the best that the engine makes. */
  record Code(boolean optimized) implements Signal {}

  /** Variables and volumes are there. */
  record Configured() implements Signal {}

  /** The command runs, or the port is open. */
  record Started(Instant at) implements Signal {}

  /** What it was at cannot be done now. */
  record Failed(Fault fault) implements Signal {}

  /** The command has ended. */
  record Ended(Outcome outcome, Instant startedAt, Instant at) implements Signal {}

  /** It has to go at once: it takes what others need. Its object stays, as Failed. */
  record Evicted(String why, Instant at) implements Signal {}

  /** What runs has to end, until the fault is put right. */
  record Halt(Fault fault) implements Signal {}

  /** What ran has ended because of that fault. */
  record Halted(Fault fault) implements Signal {}

  /** What its probes say. */
  record Probed(ProbeNews news) implements Signal {}

  /** Nobody asks it anything, and it has given back its guest instances; or a request has come. */
  record Idle(boolean now) implements Signal {}

  /** It was idle, and what it needs to answer cannot be had now. */
  record NotWoken(Fault fault) implements Signal {}

  /** It could not be woken, and then could. */
  record Woken() implements Signal {}

  /** A wait is over. */
  record RetryDue() implements Signal {}

  /** The job's time is over. */
  record DeadlinePassed(Instant at) implements Signal {}

  /** It is deleted, or the agent shuts down. */
  record StopRequested(String why) implements Signal {}

  /** Nothing is under way any more. */
  record Drained() implements Signal {}
}
