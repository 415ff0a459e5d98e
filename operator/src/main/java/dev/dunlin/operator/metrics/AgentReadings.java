package dev.dunlin.operator.metrics;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.operator.agent.AgentTokens;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the agents of the apps that somebody asks about, every few seconds, and keeps what they
 * said for a window. While nobody asks nothing is done. An agent that does not answer keeps no
 * other from being read, and no one waits here.
 */
public final class AgentReadings implements AppMetrics, AutoCloseable {
  /** The ServiceAccount whose tokens agents let read metrics. */
  public static final String READER = "dunlin-metrics-reader";

  private static final Logger LOG = LoggerFactory.getLogger(AgentReadings.class);
  private static final Duration WANTED_FOR = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofMillis(50);
  private static final int READ_AT_ONCE = 32;
  private static final int FAILING_READ_AT_ONCE = 8;

  private final Agents agents;
  private final Subject subject;
  private final Settings settings;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Counter good;
  private final Counter failed;
  private final Map<AppKey, WantedApp> wanted = new ConcurrentHashMap<>();
  private final Map<String, Agent> known = new ConcurrentHashMap<>(); // by node
  private final Semaphore lane = new Semaphore(READ_AT_ONCE);

  /** Agents that may make one wait until the deadline do not keep the others waiting. */
  private final Semaphore slowLane = new Semaphore(FAILING_READ_AT_ONCE);

  private final AtomicBoolean soon = new AtomicBoolean();
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("dunlin-app-metrics").factory(),
          new ThreadPoolExecutor.DiscardPolicy()); // once it is closed
  private volatile boolean started;
  private String trouble = ""; // used by the timer's thread

  /**
   * How they are read.
   *
   * @param interval between two readings of an agent
   * @param window that rates are worked out over
   */
  public record Settings(Duration interval, Duration window) {
    public static final Settings DEFAULT =
        new Settings(Duration.ofSeconds(5), Duration.ofSeconds(30));

    public Settings {
      if (!interval.isPositive() || window.compareTo(interval.multipliedBy(2)) < 0)
        throw new IllegalArgumentException(
            "the window of metrics: expected at least two intervals of %d s, found %d s"
                .formatted(interval.toSeconds(), window.toSeconds()));
    }
  }

  /** What is read, and where. */
  interface Subject {
    /** Apps that are to be read though nobody has asked. */
    Collection<AppKey> standing();

    /** Where apps are: asked while somebody asks about one. */
    Whereabouts whereabouts();

    /** Nobody asks about any app. */
    void rest();
  }

  /** What asks one agent. */
  interface Agents extends AutoCloseable {
    AgentPage read(String node, NodeLogs where, Collection<AppKey> apps)
        throws IOException, InterruptedException;

    @Override
    void close();
  }

  /** One agent. */
  private static final class Agent {
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile String trouble = "";
  }

  AgentReadings(
      Agents agents,
      Subject subject,
      Settings settings,
      MeterRegistry metrics,
      Clock clock,
      LongSupplier nanoTime) {
    this.agents = agents;
    this.subject = subject;
    this.settings = settings;
    this.clock = clock;
    this.nanoTime = nanoTime;
    good = readings(metrics, "ok");
    failed = readings(metrics, "failed");
    Gauge.builder("dunlin.app.metrics.apps", wanted, Map::size)
        .description("Apps whose agents are being read for their metrics")
        .register(metrics);
  }

  private static Counter readings(MeterRegistry metrics, String result) {
    return Counter.builder("dunlin.app.metrics.readings")
        .description("Readings of agents for the metrics of apps")
        .tag("result", result)
        .register(metrics);
  }

  /**
   * Begins to read whoever is asked about.
   *
   * @param namespace of the ServiceAccount {@link #READER}
   */
  public static AgentReadings start(
      KubernetesClient client,
      String namespace,
      Lookout subject,
      Settings settings,
      MeterRegistry metrics,
      Clock clock) {
    var readings =
        new AgentReadings(
            new AgentClient(new AgentTokens(client, namespace, READER, clock)),
            subject,
            settings,
            metrics,
            clock,
            System::nanoTime);
    readings.start();
    return readings;
  }

  void start() {
    started = true;
    long interval = settings.interval().toMillis();
    var _ =
        timer.scheduleWithFixedDelay(() -> look(false), interval, interval, TimeUnit.MILLISECONDS);
  }

  @Override
  public void want(String namespace, String app) {
    var _ = wanted(new AppKey(namespace, app));
  }

  @Override
  public Optional<Figures> figures(String namespace, String app) {
    return wanted(new AppKey(namespace, app)).figures(nanoTime.getAsLong());
  }

  @Override
  public Answered since(String namespace, String app, String revision, Instant began) {
    long ago = Duration.between(began, clock.instant()).toNanos();
    return wanted(new AppKey(namespace, app)).since(revision, began, nanoTime.getAsLong() - ago);
  }

  @Override
  public boolean isAwaited(String namespace, String app) {
    var its = wanted(new AppKey(namespace, app));
    return its.isYounger(settings.interval().multipliedBy(2), nanoTime.getAsLong())
        && its.nodes().map(nodes -> !nodes.isEmpty()).orElse(true);
  }

  @Override
  public String whyUnknown(String namespace, String app) {
    Optional<Set<String>> nodes = wanted(new AppKey(namespace, app)).nodes();
    if (nodes.isEmpty()) return "its agents are asked from now on: ask again in a moment";
    if (nodes.get().isEmpty()) return "it has no instance";
    return nodes.get().stream()
        .map(known::get)
        .filter(agent -> agent != null && !agent.trouble.isEmpty())
        .map(agent -> agent.trouble)
        .sorted()
        .findFirst()
        .orElse("its agents have told nothing of it yet: ask again in a moment");
  }

  private WantedApp wanted(AppKey app) {
    long now = nanoTime.getAsLong();
    @Nullable WantedApp present = wanted.get(app);
    if (present != null) {
      present.asked(now);
      return present;
    }
    var made = wanted.computeIfAbsent(app, key -> new WantedApp(settings.window(), now));
    if (started && soon.compareAndSet(false, true)) {
      var _ = timer.schedule(() -> look(true), SOON.toMillis(), TimeUnit.MILLISECONDS);
    }
    return made;
  }

  /** What lasts goes on whatever happens: the timer would end with an exception. */
  private void look(boolean onlyNew) {
    String found = "";
    try {
      if (onlyNew) soon.set(false);
      lookOnce(onlyNew);
    } catch (RuntimeException e) {
      found = e.toString();
      if (!found.equals(trouble)) LOG.warn("Agents cannot be read; it is tried again", e);
    }
    trouble = found;
  }

  /** One round: decides which agents are asked for which apps, and has them asked. */
  void lookOnce(boolean onlyNew) {
    long now = nanoTime.getAsLong();
    var standing = Set.copyOf(subject.standing());
    standing.forEach(
        app -> wanted.computeIfAbsent(app, key -> new WantedApp(settings.window(), now)));
    wanted
        .entrySet()
        .removeIf(it ->
            now - it.getValue().askedAt() > WANTED_FOR.toNanos()
                && !standing.contains(it.getKey()));
    if (wanted.isEmpty()) {
      known.clear();
      subject.rest();
      return;
    }
    var whereabouts = subject.whereabouts();
    var apps = appsByNode(whereabouts, onlyNew, now);
    if (!onlyNew)
      known.entrySet().removeIf(it -> !apps.containsKey(it.getKey()) && !it.getValue().busy.get());
    apps.forEach((node, its) -> ask(node, whereabouts, its));
  }

  private Map<String, Set<AppKey>> appsByNode(Whereabouts whereabouts, boolean onlyNew, long now) {
    var byNode = new HashMap<String, Set<AppKey>>();
    wanted.forEach((app, its) -> {
      // A rate of the moment between this round and the first one would be a matter of chance.
      boolean settling = its.isYounger(settings.interval().dividedBy(2), now);
      if (its.nodes().isPresent() && (onlyNew || settling)) return;
      whereabouts
          .nodes(app)
          .ifPresent(nodes -> {
            its.placed(nodes, clock.instant(), now);
            nodes
                .keySet()
                .forEach(node -> byNode.computeIfAbsent(node, n -> new HashSet<>()).add(app));
          });
    });
    return byNode;
  }

  /** An agent that has not answered yet what it was asked before is not asked again. */
  private void ask(String node, Whereabouts whereabouts, Set<AppKey> apps) {
    var agent = known.computeIfAbsent(node, n -> new Agent());
    if (!agent.busy.compareAndSet(false, true)) return;
    readers.execute(() -> {
      try {
        var its = agent.trouble.isEmpty() ? lane : slowLane;
        its.acquire();
        try {
          read(node, whereabouts, apps);
          good.increment();
          say(agent, "");
        } finally {
          its.release();
        }
      } catch (IOException | RuntimeException e) {
        failed.increment();
        say(agent, String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        agent.busy.set(false);
      }
    });
  }

  private void read(String node, Whereabouts whereabouts, Set<AppKey> apps)
      throws IOException, InterruptedException {
    NodeLogs where =
        whereabouts
            .agent(node)
            .orElseThrow(() -> new IOException("the agent of node " + node + " shows no metrics"));
    var page = agents.read(node, where, apps);
    Map<AppKey, List<Reading>> byApp = page.byApp();
    for (var app : apps) {
      @Nullable WantedApp its = wanted.get(app);
      if (its != null)
        its.add(
            node, nanoTime.getAsLong(), byApp.getOrDefault(app, List.of()), page.latencyBounds());
    }
  }

  private static void say(Agent agent, String trouble) {
    if (!trouble.isEmpty() && agent.trouble.isEmpty())
      LOG.warn("Metrics of apps cannot be read; it is tried again: {}", trouble);
    agent.trouble = trouble;
  }

  /** Whether the agent of a node is being asked. */
  boolean isBusy(String node) {
    @Nullable Agent agent = known.get(node);
    return agent != null && agent.busy.get();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    readers.shutdownNow();
    agents.close();
    subject.rest();
  }
}
