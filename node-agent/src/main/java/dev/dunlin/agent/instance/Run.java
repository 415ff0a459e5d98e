package dev.dunlin.agent.instance;

import dev.dunlin.agent.cpu.CpuCaps;
import dev.dunlin.agent.http.Serving;
import dev.dunlin.agent.idle.SleepyGuest;
import dev.dunlin.agent.log.RunOutput;
import dev.dunlin.agent.probe.Probing;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Outbound;
import dev.dunlin.engine.Usage;
import java.time.Duration;
import java.time.Instant;

/** What is under way of an instance. */
sealed interface Run extends AutoCloseable {
  Instant startedAt();

  /** What it has used so far. */
  Usage usage();

  /** What it has sent to other hosts so far. */
  Outbound outbound();

  /** How much of that has been counted. */
  Tally tally();

  Probing probing();

  /** Ends it as gently as it can be; blocks until it has ended, at most for {@code grace}. */
  void drain(Duration atLeast, Duration grace);

  /** Gives it nothing new, and what is under way {@code grace} to end; blocks until then. */
  void quiesce(Duration grace);

  @Override
  void close();

  /** A command. WASI preview 1 has no signals: it cannot be told, so it is ended at once. */
  record Command(
      Instant startedAt,
      Execution execution,
      RunOutput output,
      Tally tally,
      CpuCaps.Hold hold,
      Probing probing)
      implements Run {
    @Override
    public Usage usage() {
      return execution.usage();
    }

    @Override
    public Outbound outbound() {
      return execution.outbound();
    }

    @Override
    public void drain(Duration atLeast, Duration grace) {
      quiesce(grace);
    }

    @Override
    public void quiesce(Duration grace) {
      probing.close();
      execution.cancel();
    }

    @Override
    public void close() {
      probing.close();
      hold.close();
      execution.close();
      output.close();
    }
  }

  /** An http guest behind its app's port. */
  record Http(
      Instant startedAt,
      Serving serving,
      SleepyGuest guest,
      RunOutput output,
      Tally tally,
      Probing probing)
      implements Run {
    @Override
    public Usage usage() {
      return guest.usage();
    }

    @Override
    public Outbound outbound() {
      return guest.outbound();
    }

    @Override
    public void drain(Duration atLeast, Duration grace) {
      probing.terminate();
      serving.drain(atLeast, grace);
    }

    @Override
    public void quiesce(Duration grace) {
      probing.close();
      serving.quiesce(grace);
    }

    @Override
    public void close() {
      probing.close();
      // First the place behind the port, so that no request comes to a guest that has ended.
      serving.close();
      guest.close();
      output.close();
    }
  }
}
