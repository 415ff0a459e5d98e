package dev.dunlin.e2e.bench.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.dunlin.e2e.cluster.KubernetesBinaries;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** {@code bench/results/failover.json} and {@code docs/bench-failover.md}. */
record Report(List<Change> changes, List<Death> deaths, int rounds) {

  void write(boolean quick) throws IOException {
    Path root = Repository.root();
    var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Files.writeString(
        root.resolve("bench/results/failover.json"), json.writeValueAsString(all(quick)) + "\n");
    Files.writeString(root.resolve("docs/bench-failover.md"), page(quick));
  }

  private Map<String, Object> all(boolean quick) {
    var all = new LinkedHashMap<String, Object>();
    all.put("traffic_moved_s", worst(true, Death::movedSeconds));
    all.put("replaced_s", worst(true, Death::replacedSeconds));
    all.put("traffic_moved_by_lease_s", worst(false, Death::movedSeconds));
    all.put("replaced_by_lease_s", worst(false, Death::replacedSeconds));
    changes.forEach(change -> all.put("lost_in_" + change.key(), change.lost()));
    all.put("lost_elsewhere_in_agent_kill", deaths.stream().mapToInt(Death::lostElsewhere).sum());
    all.put("rounds", rounds);
    all.put("date", now());
    all.put("quick", quick);
    all.put("machine", machine());
    all.put("kubernetes", KubernetesBinaries.version());
    all.put("changes", changes);
    all.put("deaths", deaths);
    return all;
  }

  private double worst(boolean kubelet, ToDoubleFunction<Death> figure) {
    double worst = of(kubelet).stream().mapToDouble(figure).max().orElseThrow();
    return Math.round(worst * 100) / 100.0;
  }

  private List<Death> of(boolean kubelet) {
    return deaths.stream().filter(death -> death.kubelet() == kubelet).toList();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
  }

  private static String machine() {
    return Runtime.getRuntime().availableProcessors() + " cores";
  }

  private String page(boolean quick) {
    return """
    # What clients lose

    Written by `make bench-failover` (`QUICK=1`: one round); all figures are in `bench/results/failover.json`. %s, %s,
    Kubernetes %s%s.

    One http app with %d replicas on three agents, each agent a process of its own on a real API server; operator and
    agents run with small heaps and C1 only, as in the tests, and share the machine with the API server, the clients and
    whatever else runs there. Seven clients send one request after another to its Service:

    | clients | connections | requests |
    |---|---|---|
    | 2 | HTTP/1.1, a new one for each request | quick ones, 5 ms apart |
    | 2 | HTTP/1.1, kept until the agent says that it closes | the same |
    | 1 | HTTP/2, kept until the agent says that it goes away | the same |
    | 1 | HTTP/1.1, kept | such that take 400 ms, so that one is always under way |
    | 1 | HTTP/2, kept | the same |

    They are written for this on plain sockets: nobody sends a request twice, behind anybody's back or otherwise (the JDK's
    HttpClient does). A request without a 200 is lost, whatever came instead.

    ## While something changes

    | change | rounds | requests answered | lost | longest (s) |
    |---|---|---|---|---|
    %s

    ## While an agent dies

    `kill -9` of an agent, which says no last word. What it had in flight is lost, and what is sent to it until the Service
    no longer leads there: each of those is refused at once and the next one sent 5 ms later, so that the count says for
    how long, not how much. *Told by a kubelet*: as in a cluster, the agent's Pod is reported as not ready (looked at once a
    second). *By the Lease alone*: nobody says anything, and the operator finds out by the agent's silence.

    | how the operator learns of it | traffic moved (s) | replicas back (s) | answered | lost at the dead agent | lost elsewhere |
    |---|---|---|---|---|---|
    %s
    """
        .formatted(
            now().replace('T', ' ').replaceAll(":\\d\\dZ$", " UTC"),
            machine(),
            KubernetesBinaries.version(),
            quick ? ", QUICK" : "",
            Scene.REPLICAS,
            changes.stream().map(Report::row).collect(Collectors.joining("\n")),
            List.of(true, false).stream()
                .flatMap(kubelet -> of(kubelet).stream())
                .map(Report::row)
                .collect(Collectors.joining("\n")));
  }

  private static String row(Change change) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %,d | %d | %.1f |",
        change.what(),
        change.rounds(),
        change.answered(),
        change.lost(),
        change.seconds());
  }

  private static String row(Death death) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %,d | %d | %d |",
        death.kubelet() ? "told by a kubelet" : "by the Lease alone",
        death.movedSeconds(),
        death.replacedSeconds(),
        death.answered(),
        death.lost() - death.lostElsewhere(),
        death.lostElsewhere());
  }
}
