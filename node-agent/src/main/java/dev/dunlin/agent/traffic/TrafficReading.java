package dev.dunlin.agent.traffic;

import dev.dunlin.engine.Outbound;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What one revision of an app has had since it came to this agent.
 *
 * @param answers of class 1xx to 5xx
 * @param waits requests that have waited for their turn, and be it for no time
 * @param waitedSeconds of all of them together
 * @param inFlight requests that are here now, waiting or worked on
 * @param waiting those of them that wait
 * @param cpuSeconds of all its guests
 * @param memoryBytes of all its guests now
 * @param instances that are here now
 * @param coldStarts instances that were idle and brought back for a request
 * @param traps guests that were ended for what they did
 * @param sent what its guests have sent to other hosts
 */
public record TrafficReading(
    String namespace,
    String app,
    String revision,
    List<Answers> answers,
    long waits,
    double waitedSeconds,
    int inFlight,
    int waiting,
    double cpuSeconds,
    long memoryBytes,
    int instances,
    long coldStarts,
    double coldStartSeconds,
    long restarts,
    Map<TrapKind, Long> traps,
    Outbound sent) {
  public TrafficReading {
    answers = List.copyOf(answers);
    traps = Collections.unmodifiableMap(new TreeMap<>(traps));
  }

  /** How many answers there were of class 1xx to 5xx. */
  public List<Long> status() {
    return answers.stream().map(Answers::count).toList();
  }

  /** Answers of all classes by how long they took, as {@link Answers#latency}. */
  public List<Long> latency() {
    return IntStream.range(0, answers.getFirst().latency().size())
        .mapToObj(bucket -> answers.stream().mapToLong(it -> it.latency().get(bucket)).sum())
        .toList();
  }
}
