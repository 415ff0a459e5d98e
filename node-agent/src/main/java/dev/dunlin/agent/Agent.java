package dev.dunlin.agent;

import dev.dunlin.agent.admin.AdminServer;
import dev.dunlin.agent.admin.AgentMetrics;
import dev.dunlin.agent.admin.AgentServer;
import dev.dunlin.agent.code.CompiledModules;
import dev.dunlin.agent.code.StoredModules;
import dev.dunlin.agent.cpu.CpuCaps;
import dev.dunlin.agent.event.ClusterEvents;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.http.HttpSettings;
import dev.dunlin.agent.instance.ClusterInstances;
import dev.dunlin.agent.instance.Facilities;
import dev.dunlin.agent.instance.Instances;
import dev.dunlin.agent.log.GuestLog;
import dev.dunlin.agent.memory.ContainerMemory;
import dev.dunlin.agent.memory.MemoryWatch;
import dev.dunlin.agent.module.ModuleStore;
import dev.dunlin.agent.node.Heartbeat;
import dev.dunlin.agent.node.NodeLease;
import dev.dunlin.agent.node.NodeRegistration;
import dev.dunlin.agent.probe.ProbeRounds;
import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.agent.signature.ClusterPolicies;
import dev.dunlin.agent.signature.ImageGate;
import dev.dunlin.agent.trace.Tracing;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Engines;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.RegistryClient;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's agent: registers the node, watches its instances, runs them. Any number may live in
 * one process, each with its own name, address and data folder.
 */
public final class Agent implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);
  private static final Duration DROPPED_EVERY = Duration.ofSeconds(5);
  private static final Duration MEMORY_LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration REST_EVERY = Duration.ofSeconds(1);

  private final AgentConfig config;
  private final KubernetesClient client;
  private final Engine engine;
  private final DataDirLock dataDir;
  private final RegistryClient registries;
  private final ModuleStore modules;
  private final AgentMetrics metrics = new AgentMetrics();
  private final ClusterEvents events;
  private final Logs logs;
  private final GuestLog guestLog;
  private final Tracing tracing;
  private final HttpApps http;
  private final ProbeRounds probes;
  private final CpuCaps cpu;
  private final CompiledModules compiled;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Ticker timer = new Ticker("agent-timer");
  private final Storage storage;
  private final ClusterPolicies policies;
  private final Instances instances;
  private final MemoryWatch memory;
  private final AdminServer admin;
  private final AgentServer server;
  private final NodeRegistration registration;
  private final NodeLease lease;
  private final Heartbeat heartbeat;
  private final SharedIndexInformer<WasmInstance> informer;

  private Agent(
      AgentConfig config,
      KubernetesClient given,
      DataDirLock dataDir,
      Engine engine,
      Clock clock,
      Opened opened)
      throws IOException {
    this.config = config;
    this.client = patient(given);
    this.dataDir = dataDir;
    this.engine = engine;
    opened.add(workers);
    opened.add(timer);
    opened.add(metrics);
    this.registries = opened.add(new RegistryClient(config.registries()));
    this.modules =
        ModuleStore.open(
            config.dataDir().resolve("modules"), config.cacheBytes(), registries, clock);
    this.events = opened.add(new ClusterEvents(client, config.nodeName(), clock));
    this.logs = opened.add(new Logs(config, metrics, clock));
    this.guestLog =
        opened.add(
            new GuestLog(config.logLimits(), clock, System.out, logs.store(), this::outputDropped));
    this.tracing = opened.add(Tracing.of(config.traces(), config.nodeName()));
    this.http =
        opened.add(
            new HttpApps(HttpSettings.on(config.bindAddress(), config.http()), metrics, tracing));
    this.compiled = opened.add(CompiledModules.of(new StoredModules(modules), engine));
    this.probes = opened.add(new ProbeRounds(workers));
    this.cpu = opened.add(new CpuCaps());
    this.storage = opened.add(new Storage(config.nodeName(), config.volumes(), client, workers));
    this.policies = opened.add(new ClusterPolicies(client));
    var gate = new ImageGate(policies, registries, config.dataDir().resolve("signatures"));
    Path homes = Files.createDirectories(config.dataDir().resolve("instances"));
    this.instances =
        new Instances(
            config.nodeName(),
            new Facilities(
                new ClusterInstances(client),
                gate,
                compiled,
                storage.files(),
                http,
                probes,
                cpu,
                guestLog,
                events,
                metrics,
                homes,
                workers,
                timer,
                clock,
                config.timings(),
                config.idle()));
    this.admin =
        opened.add(
            new AdminServer(
                config.bindAddress(), config.adminPort(), this::isReady, metrics::text));
    this.server =
        opened.add(
            new AgentServer(
                new InetSocketAddress(config.bindAddress(), config.logAddress().port()),
                config.logAddress().advertised().orElse(config.advertiseAddress()),
                config.nodeName(),
                logs.store(),
                new NodeTraffic(instances, http.traffic()),
                client,
                metrics,
                clock));
    this.memory =
        new MemoryWatch(
            instances::tenants,
            this::evict,
            new ContainerMemory(),
            config.guestMemory(engine.info().name()).offeredBytes());
    this.registration =
        new NodeRegistration(
            client,
            Introduction.of(
                config, engine.info(), storage.features(), adminPort(), server.location(), clock),
            () -> modules.cachedDigests().stream().map(Digest::toString).toList(),
            memory::pressure);
    this.lease =
        new NodeLease(client, config.namespace(), config.nodeName(), config.leaseDuration(), clock);
    this.heartbeat = opened.add(new Heartbeat(registration, lease, this::comeBack, clock));
    this.informer =
        client
            .resources(WasmInstance.class)
            .inAnyNamespace()
            .withField("spec.nodeName", config.nodeName())
            .runnableInformer(0)
            // No outage of the API server ends the watch.
            .exceptionHandler((started, fault) -> true)
            .addEventHandler(instances);
    opened.add(informer);
  }

  /**
   * Starts an agent; it registers and takes on its instances as soon as the API server lets it.
   *
   * @throws DataDirInUseException when another agent uses the data folder
   * @throws IOException when the data folder or the admin port cannot be had
   * @throws IllegalArgumentException when the engine that is wanted cannot be had
   */
  public static Agent start(AgentConfig config, KubernetesClient client) throws IOException {
    var opened = new Opened();
    return start(config, client, opened, () -> opened.add(open(config)));
  }

  /** The same with another engine, which the agent closes, as it does when it cannot start. */
  public static Agent start(AgentConfig config, KubernetesClient client, Engine engine)
      throws IOException {
    var opened = new Opened();
    opened.add(engine);
    return start(config, client, opened, () -> engine);
  }

  private static Engine open(AgentConfig config) {
    long most = config.guestMemory("native").mostBytes();
    try {
      return Engines.open(config.dataDir().resolve("compiled"), config.engine(), most);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("--engine: " + e.getMessage(), e);
    }
  }

  /** An engine tidies its part of the data folder: only whoever has the folder opens one. */
  private static Agent start(
      AgentConfig config, KubernetesClient client, Opened opened, Supplier<Engine> engine)
      throws IOException {
    try {
      var dataDir = opened.add(DataDirLock.take(config.dataDir()));
      var agent = new Agent(config, client, dataDir, engine.get(), Clock.systemUTC(), opened);
      agent.begin();
      return agent;
    } catch (IOException | RuntimeException e) {
      opened.closeBecauseOf(e);
      throw e;
    }
  }

  private void begin() {
    Gauges.watch(metrics, instances, http, storage, compiled, engine);
    metrics.watch("dunlin.agent.log.readers", "Logs that are being read", server::logReaders);
    timer.every(config.timings().memoryEvery(), () -> workers.execute(instances::sample));
    timer.every(REST_EVERY, () -> workers.execute(instances::rest));
    timer.every(DROPPED_EVERY, this::reviewOutput);
    timer.every(MEMORY_LOOK_EVERY, memory::look);
    logs.begin(
        timer, () -> informer.hasSynced() ? Optional.of(instances.uids()) : Optional.empty());
    heartbeat.start();
    policies.start(instances::reconsider);
    var _ = informer.start().thenRunAsync(this::allAreKnown, workers);
    log.info(
        "agent {} answers on {}, app ports on {} as {}; /livez /readyz /metrics on port {}, logs and numbers on port {}",
        config.nodeName(),
        admin.address(),
        config.bindAddress(),
        config.advertiseAddress(),
        adminPort(),
        server.location().port());
  }

  /** What may only be done with the files of instances when all instances are known. */
  private void allAreKnown() {
    try {
      storage.begin(instances, timer);
      instances.removeLeftovers();
    } catch (RuntimeException e) {
      log.error("agent {} does not look after its files", config.nodeName(), e);
    }
  }

  /** Where /livez, /readyz and /metrics are. */
  public int adminPort() {
    return admin.address().getPort();
  }

  /** How many instances there are here. */
  public int instanceCount() {
    return instances.size();
  }

  private void reviewOutput() {
    guestLog.reportDropped();
    instances.reviewOutput();
  }

  private void outputDropped(String namespace, String app, String instance, long lines) {
    metrics.dropped(namespace, app, lines);
    instances.tellOutputDropped(namespace, instance, lines, DROPPED_EVERY);
  }

  /** First says that nothing is to come here, or the victim's successor would at once. */
  private void evict(String uid, String why) {
    heartbeat.tellNow(MEMORY_LOOK_EVERY);
    instances.evict(uid, why);
  }

  /** What was given to others ends before this agent counts as alive again. */
  private void comeBack() throws InterruptedException {
    instances.endReplaced(
        () ->
            client
                .resources(WasmInstance.class)
                .inAnyNamespace()
                .withField("spec.nodeName", config.nodeName())
                .list()
                .getItems()
                .stream()
                .map(instance -> instance.getMetadata().getUid())
                .collect(Collectors.toSet()),
        config.leaseDuration());
  }

  private boolean isReady() {
    return heartbeat.isKnown() && informer.hasSynced();
  }

  /**
   * Shuts down cleanly: has its instances placed elsewhere, for as long as its drain timeout lets
   * it wait, ends what is left, and gives its Lease back.
   */
  @Override
  public void close() {
    try {
      log.info("agent {} drains {} instances", config.nodeName(), instances.size());
      if (told(registration::drain)) {
        if (!instances.awaitNone(config.drainTimeout())) {
          log.info("{} instances stay here and are ended", instances.size());
        }
      }
      informer.close();
      instances.shutDown(LAST_REQUESTS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heartbeat.close();
    told(lease::release);
    end();
  }

  /** Ends as a crash would: nothing is drained, and nobody is told. */
  public void kill() {
    heartbeat.close();
    informer.close();
    end();
  }

  private void end() {
    admin.close();
    probes.close();
    cpu.close();
    http.close();
    tracing.close();
    timer.close();
    storage.close();
    policies.close();
    engine.close();
    workers.shutdownNow();
    compiled.close();
    registries.close();
    guestLog.close();
    server.close();
    logs.close();
    events.close();
    metrics.close();
    try {
      dataDir.close();
    } catch (IOException e) {
      log.warn("the lock of {} stays until this process ends: {}", config.dataDir(), e.toString());
    }
    log.info("agent {} has ended", config.nodeName());
  }

  private static boolean told(Runnable write) {
    try {
      write.run();
      return true;
    } catch (RuntimeException e) {
      log.warn("the API server could not be told that this agent ends: {}", e.toString());
      return false;
    }
  }

  /**
   * The agent tries everything again by itself, at its own pace; with the client's retries on top a
   * write could sleep long after the API server is back.
   */
  private static KubernetesClient patient(KubernetesClient client) {
    return client
        .newClient(
            new RequestConfigBuilder()
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout(5_000)
                .withWatchReconnectInterval(250)
                .withWatchReconnectLimit(-1)
                .build())
        .adapt(KubernetesClient.class);
  }
}
