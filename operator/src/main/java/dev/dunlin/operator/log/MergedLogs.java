package dev.dunlin.operator.log;

import dev.dunlin.api.v1alpha1.WasmInstance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The logs of several instances as one, in the order of their lines' times. */
final class MergedLogs implements AutoCloseable {
  private final List<Source> sources = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();

  private record Source(String instance, AgentLog log) {}

  private record Failure(String instance, AgentException fault) {}

  private record Head(LogLine line, Source source) {}

  /**
   * Opens them all.
   *
   * @throws AgentException the first one, when none can be had
   */
  static MergedLogs open(AgentLogs agents, List<WasmInstance> instances, LogOptions.Ask ask)
      throws AgentException, InterruptedException {
    var merged = new MergedLogs();
    try {
      for (var instance : instances) merged.add(agents, instance, ask.withTimestamps());
      if (merged.sources.isEmpty()) throw merged.failures.getFirst().fault();
      return merged;
    } catch (AgentException | InterruptedException | RuntimeException e) {
      merged.close();
      throw e;
    }
  }

  private void add(AgentLogs agents, WasmInstance instance, LogOptions.Ask ask)
      throws InterruptedException {
    String name = instance.getMetadata().getName();
    try {
      add(name, agents.open(instance, ask));
    } catch (AgentException e) {
      failures.add(new Failure(name, e));
    }
  }

  void add(String instance, AgentLog log) {
    sources.add(new Source(instance, log));
  }

  /** Writes them out: first what cannot be had. */
  void writeTo(LogSink sink) throws IOException {
    for (var failure : failures)
      sink.note(failure.instance(), String.valueOf(failure.fault().getMessage()));
    // What continues a line has no time, and comes first.
    var heads = new PriorityQueue<Head>(Comparator.comparing((Head head) -> head.line().time()));
    for (var source : sources) offer(heads, source);
    while (!heads.isEmpty()) {
      Head head = heads.remove();
      var _ = sink.line(head.source().instance(), head.line(), Long.MAX_VALUE);
      offer(heads, head.source());
    }
  }

  private static void offer(PriorityQueue<Head> heads, Source source) throws IOException {
    @Nullable LogLine line = source.log().readLine();
    if (line != null) heads.add(new Head(line, source));
  }

  @Override
  public void close() {
    sources.forEach(source -> source.log().close());
  }
}
