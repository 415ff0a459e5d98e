package dev.dunlin.operator.log;

import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of instances as they are written, also of instances that come later: each is read on a
 * thread of its own, through restarts of its runs, its agent and the network, until it is over.
 */
final class FollowedLogs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedLogs.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

  /** An agent that says nothing for so long may be gone without a word: it is asked again. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private final AgentLogs agents;
  private final Subject subject;
  private final LogOptions options;
  private final LogSink sink;
  private final Set<AgentLog> open = ConcurrentHashMap.newKeySet();
  private final Set<String> known = new HashSet<>(); // uids; used by one thread
  private final List<Thread> readers = new ArrayList<>(); // used by one thread
  private final Semaphore wakes = new Semaphore(0);
  private volatile boolean closed;

  /** What is followed. */
  interface Subject {
    /** The instances that there are now. */
    List<WasmInstance> instances();

    /** Whether there will be no more of them. */
    boolean isOver();

    /** What has become of an instance; null when it is gone. */
    @Nullable WasmInstance now(WasmInstance instance);
  }

  FollowedLogs(AgentLogs agents, Subject subject, LogOptions options, LogSink sink) {
    this.agents = agents;
    this.subject = subject;
    this.options = options;
    this.sink = sink;
  }

  /**
   * Writes them out until nothing more can come.
   *
   * @throws InterruptedException when its thread is interrupted: nobody reads any more
   */
  void run() throws InterruptedException {
    var ask = options.ask().withTimestamps().without("limitBytes");
    do {
      try {
        for (var instance : subject.instances())
          if (known.add(instance.getMetadata().getUid())) start(instance, ask);
        readers.removeIf(reader -> !reader.isAlive());
        if (readers.isEmpty() && subject.isOver()) return;
      } catch (KubernetesClientException e) {
        LOG.debug("Whose logs are followed is not known for now: {}", e.getMessage());
      }
      ask = ask.without("tailLines"); // whoever comes later is shown from the beginning
      closeSilent();
      awaitNextLook();
    } while (!closed);
  }

  /** Ends it, from any thread. */
  @Override
  public void close() {
    closed = true;
    open.forEach(AgentLog::close);
    wake();
  }

  private void start(WasmInstance instance, LogOptions.Ask ask) {
    readers.add(
        Thread.ofVirtual()
            .name("log-" + instance.getMetadata().getName())
            .start(() -> {
              try {
                follow(instance, ask);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (IOException e) {
                LOG.debug("Nobody reads any more: {}", e.toString());
                close();
              } finally {
                wake();
              }
            }));
  }

  private void follow(WasmInstance instance, LogOptions.Ask first)
      throws IOException, InterruptedException {
    var reading = new Reading(instance.getMetadata().getName(), options.limitBytes());
    LogOptions.Ask ask = first;
    while (!closed && reading.left > 0) {
      read(instance, ask, reading);
      if (reading.time != null) ask = first.since(reading.time.plusNanos(1));
      var state = state(instance);
      if (state != State.GOES_ON) {
        if (state == State.FINISHED) read(instance, ask.withoutFollowing(), reading);
        return;
      }
      Thread.sleep(BEFORE_NEXT_TRY);
    }
  }

  private enum State {
    GOES_ON,
    FINISHED,
    GONE
  }

  private State state(WasmInstance instance) {
    try {
      @Nullable WasmInstance now = subject.now(instance);
      if (now == null) return State.GONE;
      @Nullable InstancePhase phase = now.getStatus() == null ? null : now.getStatus().phase();
      return phase == InstancePhase.Succeeded || phase == InstancePhase.Failed
          ? State.FINISHED
          : State.GOES_ON;
    } catch (KubernetesClientException e) {
      LOG.debug("What has become of an instance is not known for now: {}", e.getMessage());
      return State.GOES_ON;
    }
  }

  /** How far an instance's log was read; used by its reader alone. */
  private static final class Reading {
    private final String instance;
    private long left;
    private @Nullable Instant time;
    private String said = "";

    Reading(String instance, long left) {
      this.instance = instance;
      this.left = left;
    }
  }

  private void read(WasmInstance instance, LogOptions.Ask ask, Reading reading)
      throws IOException, InterruptedException {
    try (AgentLog log = agents.open(instance, ask)) {
      open.add(log);
      try {
        if (closed) return;
        copy(log, reading);
      } finally {
        open.remove(log);
      }
    } catch (AgentException e) {
      if (e.code() != 404) say(reading, String.valueOf(e.getMessage()));
    }
  }

  private void copy(AgentLog log, Reading reading) throws IOException {
    while (reading.left > 0) {
      @Nullable LogLine line;
      try {
        line = log.readLine();
      } catch (IOException e) {
        LOG.debug("The log of {} broke off: {}", reading.instance, e.toString());
        return;
      }
      if (line == null) return;
      reading.left -= sink.line(reading.instance, line, reading.left);
      sink.flush();
      if (!line.time().isEmpty()) reading.time = Instant.parse(line.time());
    }
  }

  private void say(Reading reading, String text) throws IOException {
    if (!text.equals(reading.said)) sink.note(reading.instance, text);
    reading.said = text;
  }

  private void closeSilent() {
    long oldest = System.nanoTime() - SILENCE.toNanos();
    open.stream().filter(log -> log.readAt() - oldest < 0).forEach(AgentLog::close);
  }

  private void wake() {
    wakes.release();
  }

  private void awaitNextLook() throws InterruptedException {
    if (wakes.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      var _ = wakes.drainPermits();
    }
  }
}
