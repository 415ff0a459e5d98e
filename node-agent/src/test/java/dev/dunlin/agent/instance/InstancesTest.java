package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.code.CompiledModules;
import dev.dunlin.agent.code.ModuleSource;
import dev.dunlin.agent.cpu.CpuCaps;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.http.HttpMeter;
import dev.dunlin.agent.http.HttpSettings;
import dev.dunlin.agent.http.LostConnection;
import dev.dunlin.agent.idle.IdleTimes;
import dev.dunlin.agent.log.GuestLog;
import dev.dunlin.agent.log.LogDisk;
import dev.dunlin.agent.log.LogFolders;
import dev.dunlin.agent.log.LogLimits;
import dev.dunlin.agent.log.LogQuery;
import dev.dunlin.agent.log.LogReader;
import dev.dunlin.agent.log.LogStore;
import dev.dunlin.agent.memory.Tenant;
import dev.dunlin.agent.probe.ProbeRounds;
import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.agent.signature.ImageGate;
import dev.dunlin.agent.testing.FakeConfig;
import dev.dunlin.agent.testing.FakeEngine;
import dev.dunlin.agent.traffic.TrafficReading;
import dev.dunlin.agent.traffic.TrapKind;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.engine.Outcome;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InstancesTest {
  private static final Timings QUICK =
      new Timings(
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(100)),
          Duration.ofMinutes(10),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(1));

  private static final String PROBED =
      "worker: {}\n  volumes: [{name: run, emptyDir: {}}]\n  volumeMounts: [{name: run, mountPath: /run}]"
          + "\n  %s: {file: {path: /run/ready}, periodSeconds: 1, failureThreshold: 1}";

  @TempDir Path disk;
  private final FakeEngine engine = new FakeEngine();
  private final FakeApi api = new FakeApi();
  private final FakeConfig config = new FakeConfig();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Ticker timer = new Ticker("test");
  private final CpuMeter meter = new CpuMeter();
  private final HttpApps http = new HttpApps(HttpSettings.on("127.0.0.1"), meter);
  private final ProbeRounds probes = new ProbeRounds(workers);
  private final CpuCaps cpu = new CpuCaps();

  @SuppressWarnings("NullAway.Init")
  private Path module;

  @SuppressWarnings("NullAway.Init")
  private Instances instances;

  @SuppressWarnings("NullAway.Init")
  private LogStore logs;

  @BeforeEach
  void start() throws IOException {
    Path homes = Files.createDirectory(disk.resolve("homes"));
    module = Files.writeString(disk.resolve("module"), "module");
    logs = new LogStore(new LogFolders(disk.resolve("logs")), LogDisk.DEFAULT, Clock.systemUTC());
    instances =
        new Instances(
            "n1",
            new Facilities(
                api,
                new ImageGate(
                    (namespace, image) -> List.of(),
                    new RegistryClient(RegistryConfig.defaults()),
                    disk.resolve("signatures")),
                new CompiledModules((image, policy, keys) -> new OnDisk(module), engine, 2, 2, 2),
                config.sources(workers),
                http,
                probes,
                cpu,
                new GuestLog(
                    LogLimits.DEFAULT,
                    Clock.systemUTC(),
                    OutputStream.nullOutputStream(),
                    logs,
                    (namespace, app, instance, lines) -> {}),
                (instance, warning, reason, message) -> told.add(reason),
                meter,
                homes,
                workers,
                timer,
                Clock.systemUTC(),
                QUICK,
                IdleTimes.DEFAULT));
  }

  @AfterEach
  void close() {
    probes.close();
    cpu.close();
    http.close();
    timer.close();
    workers.shutdownNow();
    logs.close();
  }

  @Test
  void anInstanceWhoseEmptyDirIsOverItsLimitIsEvictedAndItsFilesGo() throws IOException {
    instances.onAdd(
        instance(
            "a",
            """
            worker: {}
            volumes: [{name: tmp, emptyDir: {sizeLimit: 8Ki}}]
            volumeMounts: [{name: tmp, mountPath: /tmp}]
            """));
    await().until(() -> phase("a") == InstancePhase.Running);
    Path home = disk.resolve("homes/uid-a");
    Files.write(home.resolve("volumes/tmp/two-blocks"), new byte[8192]);
    instances.measure();
    assertThat(phase("a")).isEqualTo(InstancePhase.Running);

    Files.write(home.resolve("volumes/tmp/one-more"), new byte[1]);
    instances.measure();

    await().until(() -> phase("a") == InstancePhase.Failed);
    assertThat(api.status("a").lastTermination())
        .satisfies(end -> {
          assertThat(end.reason()).isEqualTo(Reasons.EVICTED);
          assertThat(end.message())
              .isEqualTo("Usage of emptyDir volume \"tmp\" exceeds the limit of 8192 bytes.");
        });
    await().untilAsserted(() -> assertThat(home).doesNotExist());
    assertThat(told).contains(Reasons.EVICTED);
    assertThat(engine.executions.getFirst().ended()).isCompleted();
  }

  @Test
  void anEmptyDirThatNamesNoLimitHasTheAgentsOwn() throws IOException {
    instances.onAdd(
        instance(
            "a",
            """
            worker: {}
            volumes: [{name: tmp, emptyDir: {}}]
            volumeMounts: [{name: tmp, mountPath: /tmp}]
            """));
    await().until(() -> phase("a") == InstancePhase.Running);
    Files.write(disk.resolve("homes/uid-a/volumes/tmp/much"), new byte[65 << 10]);

    instances.measure();

    await().until(() -> phase("a") == InstancePhase.Failed);
  }

  @Test
  void outputThatIsDroppedIsAConditionAndOneEvent() {
    instances.onAdd(instance("a", "worker: {}"));
    await().until(() -> phase("a") == InstancePhase.Running);

    instances.tellOutputDropped("ns", "a", 10, Duration.ofSeconds(5));
    instances.tellOutputDropped("ns", "a", 20, Duration.ofSeconds(5));

    await()
        .until(() ->
            Condition.find(api.status("a").conditions(), "LogsComplete")
                .filter(said -> said.reason().equals(Reasons.OUTPUT_DROPPED) && !said.isTrue())
                .isPresent());
    assertThat(told).containsOnlyOnce(Reasons.OUTPUT_DROPPED);
  }

  @Test
  void aJobRunsOnceAndSucceeds() {
    instances.onAdd(instance("job-1", "job: {}"));
    await().until(() -> engine.executions.size() == 1);
    await().until(() -> phase("job-1") == InstancePhase.Running);

    engine.executions.getFirst().end(new Outcome.Exited(0));

    await().until(() -> phase("job-1") == InstancePhase.Succeeded);
    assertThat(told).containsExactly(Reasons.STARTED, Reasons.COMPLETED);
    assertThat(engine.executions).hasSize(1);
  }

  @Test
  void aWorkerThatCrashesComesBackAndCounts() {
    instances.onAdd(instance("worker-1", "worker: {restartPolicy: Always}"));
    for (int i = 0; i < 3; i++) {
      int run = i;
      await().until(() -> engine.executions.size() == run + 1);
      engine.executions.get(run).end(new Outcome.Exited(1));
    }

    await().until(() -> engine.executions.size() == 4);

    await().until(() -> Integer.valueOf(3).equals(api.status("worker-1").restarts()));
    assertThat(told).contains(Reasons.CRASH_LOOP);
  }

  @Test
  void aComponentThatAnswersHttpIsNoJob() throws IOException {
    Files.writeString(module, "HTTP_COMPONENT");

    instances.onAdd(instance("job-1", "job: {}"));

    await().until(() -> told.contains(Reasons.WORKLOAD_MISMATCH));
    await()
        .until(() ->
            Condition.find(api.status("job-1").conditions(), "Loaded")
                .filter(it -> it.reason().equals(Reasons.WORKLOAD_MISMATCH))
                .isPresent());
    assertThat(engine.modules.getFirst().closed).isTrue();
    assertThat(engine.executions).isEmpty();
  }

  @Test
  void aComponentThatAnswersHttpGetsWhatItsSpecGrants() throws IOException {
    Files.writeString(module, "HTTP_COMPONENT");

    instances.onAdd(
        instance(
            "web-1",
            "http: {port: 0, timeoutSeconds: 1, maxConcurrency: 1, reuse: 9}\n  network: {allowedHosts: [\"api.example.com:443\"]}"));

    await().until(() -> told.contains(Reasons.SERVING));
    var served = engine.modules.getFirst();
    assertThat(served.settings.getFirst().requestsPerInstance()).isEqualTo(9);
    assertThat(served.granted.getFirst().allowedHosts()).containsExactly("api.example.com:443");
  }

  @Test
  void howLongAModuleIsBeingCompiledIsSaidAndItsDeletionEndsThat() throws IOException {
    Files.writeString(module, "slow");
    instances.onAdd(instance("worker-1", "worker: {}"));
    await().until(() -> !engine.compilations().isEmpty());

    instances.sample();
    await()
        .until(() ->
            Condition.find(api.status("worker-1").conditions(), "Ready")
                .filter(it -> it.message().contains("compiled for 7 s"))
                .isPresent());
    instances.onAdd(deleted("worker-1", "worker: {}"));

    await().until(() -> api.farewells.contains("worker-1"));
    await().until(() -> engine.compilations().isEmpty());
    assertThat(told).isEmpty();
  }

  @Test
  void whatRunsUseOfProcessorsIsCountedWhileTheyRunAndAtTheirEnd() {
    instances.onAdd(instance("worker-1", "worker: {restartPolicy: Never}"));
    await().until(() -> phase("worker-1") == InstancePhase.Running);
    var run = engine.executions.getFirst();

    run.cpu = Duration.ofMillis(300);
    instances.sample();
    instances.sample();
    assertThat(cpuSeconds()).isEqualTo(0.3);
    run.cpu = Duration.ofMillis(500);
    run.end(new Outcome.Exited(0));

    await().until(() -> cpuSeconds() == 0.5);
  }

  @Test
  void whatARevisionDoesIsCountedFromItsFirstInstanceToItsLast() {
    instances.onAdd(instance("worker-1", "worker: {restartPolicy: Never}"));
    instances.onAdd(instance("worker-2", "worker: {restartPolicy: Never}"));
    await()
        .until(() -> phase("worker-2") == InstancePhase.Running && engine.executions.size() == 2);
    engine.executions.getFirst().cpu = Duration.ofMillis(250);

    TrafficReading running = revision(app -> true);

    assertThat(running.instances()).isEqualTo(2);
    assertThat(running.memoryBytes()).isEqualTo(2 * 65_536);
    assertThat(running.cpuSeconds()).isEqualTo(0.25);
    assertThat(instances.here(app -> app.name().equals("other"))).isEmpty();
    engine
        .executions
        .getFirst()
        .end(new Outcome.Trapped(Outcome.TrapKind.UNREACHABLE, "unreachable"));
    await().until(() -> revision(app -> true).traps().equals(Map.of(TrapKind.UNREACHABLE, 1L)));
    instances.onDelete(instance("worker-1", "worker: {restartPolicy: Never}"), false);
    await().until(() -> revision(app -> true).instances() == 1);
    instances.onDelete(instance("worker-2", "worker: {restartPolicy: Never}"), false);
    await().until(() -> http.traffic().read(instances.here(app -> true)).isEmpty());
  }

  private TrafficReading revision(Predicate<AppKey> of) {
    return http.traffic().read(instances.here(of)).getFirst();
  }

  private double cpuSeconds() {
    return http.traffic().read(List.of()).getFirst().cpuSeconds();
  }

  @Test
  void whoHasFinishedHoldsNoCode() {
    instances.onAdd(instance("job-1", "job: {}"));
    await().until(() -> engine.executions.size() == 1);

    engine.executions.getFirst().end(new Outcome.Exited(0));

    await().until(() -> phase("job-1") == InstancePhase.Succeeded);
    await().until(() -> engine.modules.getFirst().closed);
  }

  @Test
  void anInstanceStartsOnceItsConfigMapIsThere() {
    instances.onAdd(
        instance(
            "worker-1",
            "worker: {}\n  env: [{name: X, valueFrom: {configMapKeyRef: {name: m, key: k}}}]"));
    await().until(() -> told.contains(Reasons.CONFIG_MAP_NOT_FOUND));

    config.configMap("m", Map.of("k", new byte[] {'v'}));

    await().until(() -> engine.executions.size() == 1);
    assertThat(engine.executions.getFirst().grants.env()).containsEntry("X", "v");
  }

  @Test
  void aDeletedInstanceEndsThenItsFinalizerGoesAndNothingIsLeft() {
    instances.onAdd(
        instance(
            "worker-1",
            "worker: {}\n  volumes: [{name: t, emptyDir: {}}]\n  volumeMounts: [{name: t, mountPath: /t}]"));
    await().until(() -> engine.executions.size() == 1);
    assertThat(disk.resolve("homes/uid-worker-1")).exists();

    instances.onAdd(deleted("worker-1", "worker: {}"));

    await().until(() -> api.farewells.contains("worker-1"));
    assertThat(engine.executions.getFirst().hasEnded()).isTrue();
    assertThat(engine.modules.getFirst().closed).isTrue();
    assertThat(disk.resolve("homes/uid-worker-1")).doesNotExist();
    assertThat(instances.size()).isZero();
  }

  @Test
  void anInstanceThatVanishesIsEndedWithoutAWord() {
    WasmInstance worker = instance("worker-1", "worker: {}");
    instances.onAdd(worker);
    await().until(() -> engine.executions.size() == 1);

    instances.onDelete(worker, false);

    await().until(() -> instances.size() == 0);
    assertThat(engine.executions.getFirst().hasEnded()).isTrue();
    assertThat(api.farewells).isEmpty();
  }

  @Test
  void anInstanceDeletedWhileNoAgentWasThereIsLetGo() {
    instances.onAdd(deleted("worker-1", "worker: {}"));

    await().until(() -> api.farewells.contains("worker-1"));
    assertThat(engine.executions).isEmpty();
  }

  @Test
  void instancesOfOtherNodesAreNotTouched() {
    instances.onAdd(read("worker-1", "worker: {}", "n2", ""));

    assertThat(instances.size()).isZero();
  }

  @Test
  void whenTheApiServerIsAwayInstancesRunAndAreReportedAfterwards() {
    api.away = true;
    instances.onAdd(instance("job-1", "job: {}"));
    await().until(() -> engine.executions.size() == 1);
    engine.executions.getFirst().end(new Outcome.Exited(0));
    await().until(() -> told.contains(Reasons.COMPLETED));

    api.away = false;

    await().until(() -> phase("job-1") == InstancePhase.Succeeded);
  }

  @Test
  void aShutdownEndsWhatRunsAndLeavesItsObjects() throws InterruptedException {
    instances.onAdd(instance("worker-1", "worker: {}"));
    await().until(() -> engine.executions.size() == 1);

    instances.shutDown(Duration.ofSeconds(5));

    assertThat(instances.size()).isZero();
    assertThat(engine.executions.getFirst().hasEnded()).isTrue();
    assertThat(api.farewells).isEmpty();
    instances.onAdd(instance("worker-2", "worker: {}"));
    assertThat(instances.size()).isZero();
  }

  @Test
  void aWorkerIsReadyOnceItHasMadeItsFileAndNotAnyMoreWhenItTakesItAway() throws IOException {
    instances.onAdd(instance("worker-1", PROBED.formatted("readinessProbe")));
    await().until(() -> told.contains(Reasons.UNHEALTHY));
    assertThat(api.status("worker-1").ready()).isFalse();
    Path ready = volume().resolve("ready");

    Files.writeString(ready, "");
    await().until(() -> Boolean.TRUE.equals(api.status("worker-1").ready()));
    Files.delete(ready);

    await().until(() -> readyReason("worker-1").equals(Reasons.READINESS_PROBE_FAILED));
    assertThat(engine.executions).hasSize(1);
    assertThat(api.status("worker-1").restarts()).isZero();
  }

  @Test
  void aWorkerWhoseFileIsNotThereIsEndedAndStartedAnewForItsLiveness() {
    instances.onAdd(instance("worker-1", PROBED.formatted("livenessProbe")));
    await().until(() -> Boolean.TRUE.equals(api.status("worker-1").ready()));
    assertThat(phase("worker-1")).isEqualTo(InstancePhase.Running);

    await().until(() -> engine.executions.size() > 1);

    assertThat(engine.executions.getFirst().hasEnded()).isTrue();
    await().until(() -> Objects.requireNonNullElse(api.status("worker-1").restarts(), 0) > 0);
    assertThat(Objects.requireNonNull(api.status("worker-1").lastTermination()).reason())
        .isEqualTo(Reasons.LIVENESS_PROBE_FAILED);
    assertThat(told).contains(Reasons.UNHEALTHY, Reasons.KILLING);
  }

  @Test
  void anHttpAppIsAskedByItsHandlerAndReadyOnceThatAnswersWell() {
    instances.onAdd(
        instance(
            "web-1",
            "http: {port: 0, timeoutSeconds: 5, maxConcurrency: 1}\n  readinessProbe: {httpGet: {path: /well}, periodSeconds: 1}"));

    await().until(() -> Boolean.TRUE.equals(api.status("web-1").ready()));

    assertThat(readyReason("web-1")).isEqualTo(Reasons.SERVING);
    assertThat(told).containsExactly(Reasons.STARTED, Reasons.SERVING);
  }

  @Test
  void whatWasReplacedWhileTheApiServerWasAwayEndsBeforeTheAgentGoesOnAndTheRestStays()
      throws InterruptedException {
    WasmInstance replaced = instance("worker-1", "worker: {}");
    instances.onAdd(replaced);
    instances.onAdd(instance("worker-2", "worker: {}"));
    await().until(() -> engine.executions.size() == 2);

    instances.endReplaced(() -> Set.of("uid-worker-2"), Duration.ofSeconds(10));

    assertThat(instances.size()).isEqualTo(1);
    assertThat(engine.executions).filteredOn(FakeEngine.FakeExecution::hasEnded).hasSize(1);
    instances.onUpdate(replaced, replaced); // what the watch had still under way
    assertThat(instances.size()).isEqualTo(1);
    assertThat(api.farewells).isEmpty();
  }

  @Test
  void whatComesWhileTheListIsOnItsWayIsNotTakenForReplaced() throws InterruptedException {
    instances.endReplaced(
        () -> {
          instances.onAdd(instance("worker-1", "worker: {}"));
          return Set.of();
        },
        Duration.ofSeconds(10));

    assertThat(instances.size()).isEqualTo(1);
  }

  @Test
  void aListThatFailsEndsNothing() {
    instances.onAdd(instance("worker-1", "worker: {}"));
    await().until(() -> engine.executions.size() == 1);

    assertThatThrownBy(() ->
            instances.endReplaced(
                () -> {
                  throw new IllegalStateException("the API server is away");
                },
                Duration.ofSeconds(10)))
        .isInstanceOf(IllegalStateException.class);

    assertThat(engine.executions.getFirst().hasEnded()).isFalse();
    assertThat(instances.size()).isEqualTo(1);
  }

  @Test
  void whoIsEvictedHasFailedWithItsReasonAndGivesItsMemoryBack() {
    instances.onAdd(
        instance("worker-1", "priority: 7\n  worker: {}\n  resources: {requests: {memory: 1Mi}}"));
    await().until(() -> phase("worker-1") == InstancePhase.Running);
    assertThat(instances.tenants())
        .containsExactly(new Tenant("uid-worker-1", "ns/worker-1", 7, 1 << 20, 65_536));

    instances.evict("uid-worker-1", "Memory is short.");

    await().until(() -> phase("worker-1") == InstancePhase.Failed);
    await().until(() -> instances.tenants().isEmpty());
    assertThat(Objects.requireNonNull(api.status("worker-1").lastTermination()).reason())
        .isEqualTo(Reasons.EVICTED);
    assertThat(told).contains(Reasons.EVICTED);
  }

  @Test
  @Timeout(60)
  void whoFollowsTheLogOfAStartThatFailedIsNotKeptWaiting() throws Exception {
    var follow = LogQuery.parse(Map.of("follow", List.of("true")), Instant.now());
    var read = new ByteArrayOutputStream();
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      instances.onAdd(
          instance(
              "web-1",
              "http: {port: %d, timeoutSeconds: 5, maxConcurrency: 1}"
                  .formatted(other.getLocalPort())));
      await().until(() -> told.contains(Reasons.PORT_IN_USE));

      LogReader.of(logs.find("ns", "web-1").orElseThrow(), follow, read).read();
    }

    assertThat(read.size()).isZero();
  }

  @Test
  void aCommandOverItsCpuLimitIsHeldUntilItIsWithinItAgainAndNotEnded() {
    instances.onAdd(instance("worker-1", "worker: {}\n  resources: {limits: {cpu: 100m}}"));
    await().until(() -> engine.executions.size() == 1);
    var run = engine.executions.getFirst();

    run.cpu = Duration.ofMillis(50);

    await().until(() -> run.held);
    await().until(() -> !run.held);
    assertThat(meter.throttled.get()).isPositive();
    assertThat(run.hasEnded()).isFalse();
  }

  /** The only emptyDir of the only instance. */
  private Path volume() throws IOException {
    try (var found = Files.walk(disk.resolve("homes"))) {
      return found.filter(path -> path.endsWith("run")).findFirst().orElseThrow();
    }
  }

  private String readyReason(String name) {
    return Condition.find(api.status(name).conditions(), "Ready").orElseThrow().reason();
  }

  private static WasmInstance instance(String name, String spec) {
    return read(name, spec, "n1", "");
  }

  private static WasmInstance deleted(String name, String spec) {
    return read(name, spec, "n1", "deletionTimestamp: \"2026-01-01T00:00:00Z\"");
  }

  private static WasmInstance read(String name, String spec, String node, String metadata) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmInstance
        metadata:
          name: %s
          namespace: ns
          uid: uid-%s
          generation: 1
          creationTimestamp: "2026-01-01T00:00:00Z"
          %s
        spec:
          appName: app
          revision: r
          nodeName: %s
          image: registry.test/app@sha256:%s
          %s
        """
            .formatted(
                name,
                name,
                metadata,
                node,
                "0".repeat(64),
                spec.replace("\n", "\n  ").replace("\n    ", "\n  ")),
        WasmInstance.class);
  }

  private @Nullable InstancePhase phase(String name) {
    return api.status(name).phase();
  }

  private record OnDisk(Path path) implements ModuleSource.Bytes {
    @Override
    public Digest content() {
      try {
        return Digest.of(Files.readAllBytes(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {}
  }

  private static final class FakeApi implements InstanceApi {
    final Map<String, WasmInstanceStatus> statuses = new ConcurrentHashMap<>();
    final List<String> farewells = new CopyOnWriteArrayList<>();
    volatile boolean away;

    WasmInstanceStatus status(String name) {
      return statuses.getOrDefault(name, WasmInstanceStatus.EMPTY);
    }

    @Override
    public void applyStatus(WasmInstance instance, WasmInstanceStatus status) {
      refuseIfAway();
      statuses.put(instance.getMetadata().getName(), status);
    }

    @Override
    public void removeFinalizer(WasmInstance instance) {
      refuseIfAway();
      farewells.add(instance.getMetadata().getName());
    }

    private void refuseIfAway() {
      if (away) {
        throw new IllegalStateException("the API server is away");
      }
    }
  }

  private static final class CpuMeter implements HttpMeter, InstanceMeter {
    final AtomicReference<Duration> throttled = new AtomicReference<>(Duration.ZERO);

    @Override
    public void answered(AppKey app, int status, long nanos) {}

    @Override
    public void clientLeft(AppKey app) {}

    @Override
    public void connectionLost(AppKey app, LostConnection why) {}

    @Override
    public void loaded(String result) {}

    @Override
    public void throttled(String namespace, String app, Duration time) {
      throttled.updateAndGet(before -> before.plus(time));
    }

    @Override
    public void forget(String namespace, String app) {}
  }
}
