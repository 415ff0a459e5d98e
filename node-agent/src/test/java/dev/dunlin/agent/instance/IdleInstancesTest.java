package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.dunlin.agent.log.LogStore;
import dev.dunlin.agent.probe.ProbeRounds;
import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.agent.signature.ImageGate;
import dev.dunlin.agent.testing.CountingEngine;
import dev.dunlin.agent.testing.FakeConfig;
import dev.dunlin.agent.traffic.TrafficReading;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.engine.Engines;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.oci.RegistryException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Http instances that nobody asks, on the engine that this machine has. */
@Timeout(120)
class IdleInstancesTest {
  /** At every look, that is. */
  private static final IdleTimes AT_ONCE =
      new IdleTimes(Optional.of(Duration.ofNanos(1)), Optional.of(Duration.ofNanos(1)));

  private static final String SERVES = "timeoutSeconds: 30, maxConcurrency: 4";

  @TempDir Path disk;
  private final Source source = new Source();
  private final Api api = new Api();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Ticker timer = new Ticker("test");
  private final Meter meter = new Meter();
  private final HttpApps http = new HttpApps(HttpSettings.on("127.0.0.1"), meter);
  private final ProbeRounds probes = new ProbeRounds(workers);
  private final CpuCaps cpu = new CpuCaps();
  private final HttpClient client = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init")
  private CountingEngine engine;

  @SuppressWarnings("NullAway.Init")
  private CompiledModules modules;

  @SuppressWarnings("NullAway.Init")
  private Instances instances;

  @SuppressWarnings("NullAway.Init")
  private LogStore logs;

  @BeforeEach
  void start() throws IOException {
    engine = new CountingEngine(Engines.open(disk.resolve("compiled"), Engines.Choice.AUTO));
    modules = new CompiledModules(source, engine, 2, 2, 2);
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
                modules,
                new FakeConfig().sources(workers),
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
                Files.createDirectory(disk.resolve("homes")),
                workers,
                timer,
                Clock.systemUTC(),
                Timings.DEFAULT,
                AT_ONCE));
  }

  @AfterEach
  void close() throws InterruptedException {
    instances.shutDown(Duration.ofSeconds(1));
    client.close();
    probes.close();
    cpu.close();
    http.close();
    timer.close();
    modules.close();
    engine.close();
    workers.shutdownNow();
    logs.close();
  }

  @Test
  void whoWasAskedAndIsNotAnyMoreHasNoCodeInMemoryAndAnswersFromTheDisk() throws Exception {
    int port = begin("web-1", SERVES);
    assertThat(get(port).body()).contains("Hello, Ada");
    fallAsleep(1);
    assertThat(modules.size()).isZero();
    assertThat(engine.open()).isZero();
    source.registryIsGone = true;

    assertThat(get(port).body()).contains("Hello, Ada");

    assertThat(engine.loads()).isEqualTo(2);
    assertThat(coldStarts()).isEqualTo(1);
    assertThat(instances.asleep()).isZero();
    assertThat(api.of("web-1").phase()).isEqualTo(InstancePhase.Running);
    assertThat(api.of("web-1").ready()).isTrue();
    assertThat(Condition.find(api.of("web-1").conditions(), "Idle")).isEmpty();
  }

  @Test
  void aHerdOfRequestsToManyInstancesOfOneModuleLoadsItOnce() throws Exception {
    var ports = new ArrayList<Integer>();
    for (int i = 0; i < 5; i++) {
      ports.add(begin("web-" + i, SERVES));
    }
    for (int port : ports) {
      assertThat(get(port).statusCode()).isEqualTo(200);
    }
    int loads = engine.loads();
    fallAsleep(5);
    engine.pause();

    var herd = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 50; i++) {
      herd.add(client.sendAsync(request(ports.get(i % 5)), HttpResponse.BodyHandlers.ofString()));
    }
    // As many as may work at once wait for it; the others for their turn.
    await()
        .until(() ->
            http.traffic().read(List.of()).stream().mapToInt(reading -> reading.inFlight()).sum()
                == 50);
    engine.goOn();

    for (var answer : herd) {
      assertThat(answer.get().statusCode()).isEqualTo(200);
    }
    assertThat(engine.loads()).isEqualTo(loads + 1);
    assertThat(coldStarts()).isEqualTo(5);
    assertThat(http.traffic().read(List.of())).allMatch(reading -> reading.waiting() == 0);
  }

  @Test
  void whoCannotBeWokenAnswers503SaysSoAndIsTriedAgain() throws Exception {
    int port = begin("web-1", SERVES);
    assertThat(get(port).statusCode()).isEqualTo(200);
    fallAsleep(1);
    engine.forgetAll();
    source.registryIsGone = true;
    source.onDisk = false;

    HttpResponse<String> refused = get(port);

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).contains("1");
    assertThat(refused.body()).startsWith("the app was idle and cannot be loaded now");
    await().until(() -> told.contains(Reasons.REGISTRY_UNAVAILABLE));
    await()
        .untilAsserted(() ->
            assertThat(Condition.find(api.of("web-1").conditions(), "Loaded").orElseThrow())
                .satisfies(loaded -> {
                  assertThat(loaded.reason()).isEqualTo(Reasons.REGISTRY_UNAVAILABLE);
                  assertThat(loaded.message())
                      .isEqualTo(
                          "It was idle and could not be woken; the next request tries again: no route");
                }));
    assertThat(api.of("web-1").ready()).isTrue();
    source.onDisk = true;

    assertThat(get(port).statusCode()).isEqualTo(200);
    await()
        .until(() ->
            Condition.find(api.of("web-1").conditions(), "Loaded")
                .filter(Condition::isTrue)
                .isPresent());
  }

  @Test
  void whoseSpecSaysAfterHowLongSaysWhetherItIsIdle() throws Exception {
    int port = begin("web-1", SERVES + ", idleAfterSeconds: 1");
    await()
        .until(() -> {
          instances.rest();
          return "True".equals(idle("web-1"));
        });
    assertThat(api.of("web-1").phase()).isEqualTo(InstancePhase.Running);
    assertThat(api.of("web-1").ready()).isTrue();
    assertThat(instances.asleep()).isEqualTo(1);

    assertThat(get(port).statusCode()).isEqualTo(200);

    await().until(() -> "False".equals(idle("web-1")));
  }

  @Test
  void whoIsDeletedWhileItSleepsOrWakesLeavesNothing() throws Exception {
    int asleep = begin("asleep", SERVES);
    int wakes = begin("wakes", SERVES);
    get(asleep);
    get(wakes);
    fallAsleep(2);
    engine.pause();
    var waits = client.sendAsync(request(wakes), HttpResponse.BodyHandlers.ofString());
    await().until(() -> modules.size() == 1);

    instances.onAdd(deleted("asleep", asleep));
    instances.onAdd(deleted("wakes", wakes));
    engine.goOn();

    assertThat(waits.get().statusCode()).isEqualTo(200);
    await().until(() -> api.farewells.containsAll(List.of("asleep", "wakes")));
    assertThat(modules.size()).isZero();
    assertThat(engine.open()).isZero();
    assertThat(http.ports()).isZero();
  }

  @Test
  void aNewRevisionTakesOverFromOneThatSleeps() throws Exception {
    int port = begin("web-1", SERVES);
    get(port);
    fallAsleep(1);

    instances.onAdd(read("web-2", port, SERVES, "r2", ""));
    await().until(() -> api.of("web-2").phase() == InstancePhase.Running);
    assertThat(get(port).statusCode()).isEqualTo(200);

    assertThat(instances.asleep()).isEqualTo(1);
    assertThat(coldStarts()).isEqualTo(0);
  }

  @Test
  void probesDoNotWakeWhoSleepsAndItStaysReady() throws Exception {
    String probed = SERVES + "%s}\n  readinessProbe: {httpGet: {path: /}, periodSeconds: 1";
    int awake = begin("awake", probed.formatted(", idleAfterSeconds: 86400"));
    int port = begin("web-1", probed.formatted(""));
    await().until(() -> Boolean.TRUE.equals(api.of("web-1").ready()));
    get(port);
    await()
        .until(() -> {
          instances.rest();
          return instances.asleep() == 1;
        });

    // The other one is asked at the same times.
    for (int i = 0; i < 3; i++) {
      double before = cpuSeconds("app-" + awake);
      await()
          .until(() -> {
            instances.sample();
            return cpuSeconds("app-" + awake) > before;
          });
    }
    assertThat(instances.asleep()).isEqualTo(1);
    assertThat(coldStarts()).isEqualTo(0);
    assertThat(api.of("web-1").ready()).isTrue();

    assertThat(get(port).statusCode()).isEqualTo(200);
    assertThat(coldStarts()).isEqualTo(1);
  }

  private long coldStarts() {
    return http.traffic().read(List.of()).stream().mapToLong(TrafficReading::coldStarts).sum();
  }

  private double cpuSeconds(String app) {
    return http.traffic().read(List.of()).stream()
        .filter(reading -> reading.app().equals(app))
        .mapToDouble(TrafficReading::cpuSeconds)
        .sum();
  }

  private String idle(String name) {
    return Condition.find(api.of(name).conditions(), "Idle").map(Condition::status).orElse("");
  }

  /** Serves an app of its own on a port of its own, and waits until it does. */
  private int begin(String name, String settings) throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    instances.onAdd(read(name, port, settings, "r1", ""));
    await().until(() -> api.of(name).phase() == InstancePhase.Running);
    return port;
  }

  private void fallAsleep(int count) {
    await()
        .until(() -> {
          instances.rest();
          return instances.asleep() == count && modules.size() == 0;
        });
  }

  private HttpResponse<String> get(int port) throws IOException, InterruptedException {
    return client.send(request(port), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(int port) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/?name=Ada")).build();
  }

  private static WasmInstance deleted(String name, int port) {
    return read(name, port, SERVES, "r1", "deletionTimestamp: \"2026-01-01T00:00:00Z\"");
  }

  private static WasmInstance read(
      String name, int port, String settings, String revision, String metadata) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmInstance
        metadata:
          name: %s
          namespace: ns
          uid: uid-%s
          generation: 1
          creationTimestamp: "2026-01-01T00:00:0%s"
          %s
        spec:
          appName: app-%d
          revision: %s
          nodeName: n1
          image: registry.test/app@sha256:%s
          terminationGracePeriodSeconds: 5
          http: {port: %d, %s}
        """
            .formatted(
                name,
                name,
                revision.substring(1) + "Z",
                metadata,
                port,
                revision,
                "0".repeat(64),
                port,
                settings),
        WasmInstance.class);
  }

  /** The one module there is. */
  private static final class Source implements ModuleSource {
    private static final Path HELLO = Path.of("..", "examples", "hello-c", "app.wasm");

    volatile boolean registryIsGone;
    volatile boolean onDisk = true;

    @Override
    public Bytes get(ImageReference image, ImagePullPolicy policy, Keychain keychain) {
      if (registryIsGone) {
        throw new RegistryException(RegistryException.Kind.UNAVAILABLE, "no route");
      }
      return new OnDisk();
    }

    @Override
    public Optional<Bytes> kept(ImageReference image) {
      return onDisk ? Optional.of(new OnDisk()) : Optional.empty();
    }

    private record OnDisk() implements Bytes {
      @Override
      public Path path() {
        return HELLO;
      }

      @Override
      public Digest content() {
        try {
          return Digest.of(Files.readAllBytes(HELLO));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void close() {}
    }
  }

  private static final class Api implements InstanceApi {
    final Map<String, WasmInstanceStatus> statuses = new ConcurrentHashMap<>();
    final List<String> farewells = new CopyOnWriteArrayList<>();

    WasmInstanceStatus of(String name) {
      return statuses.getOrDefault(name, WasmInstanceStatus.EMPTY);
    }

    @Override
    public void applyStatus(WasmInstance instance, WasmInstanceStatus status) {
      statuses.put(instance.getMetadata().getName(), status);
    }

    @Override
    public void removeFinalizer(WasmInstance instance) {
      farewells.add(instance.getMetadata().getName());
    }
  }

  private static final class Meter implements HttpMeter, InstanceMeter {
    @Override
    public void answered(AppKey app, int status, long nanos) {}

    @Override
    public void clientLeft(AppKey app) {}

    @Override
    public void connectionLost(AppKey app, LostConnection why) {}

    @Override
    public void loaded(String result) {}

    @Override
    public void throttled(String namespace, String app, Duration time) {}

    @Override
    public void forget(String namespace, String app) {}
  }
}
