package dev.dunlin.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.log.GuestLog;
import dev.dunlin.agent.log.GuestRun;
import dev.dunlin.agent.log.LogDisk;
import dev.dunlin.agent.log.LogFolders;
import dev.dunlin.agent.log.LogLimits;
import dev.dunlin.agent.log.LogStore;
import dev.dunlin.agent.log.RunOutput;
import dev.dunlin.agent.traffic.Presence;
import dev.dunlin.agent.traffic.Traffic;
import dev.dunlin.agent.traffic.TrafficReading;
import dev.dunlin.https.Tls;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient
class AgentServerTest {
  private static final String AUDIENCE = "agent.dunlin.dev/n1";

  @TempDir private Path disk;

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer api;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient kubernetes;

  @SuppressWarnings("NullAway.Init")
  private LogStore store;

  @SuppressWarnings("NullAway.Init")
  private GuestLog log;

  @SuppressWarnings("NullAway.Init")
  private AgentServer server;

  @SuppressWarnings("NullAway.Init")
  private HttpClient client;

  private final AgentMetrics metrics = new AgentMetrics();
  private final Traffic traffic = new Traffic();
  private final List<Presence> here = new ArrayList<>();

  @BeforeEach
  void listen() throws IOException {
    store = new LogStore(new LogFolders(disk), LogDisk.DEFAULT, Clock.systemUTC());
    log =
        new GuestLog(
            LogLimits.DEFAULT,
            Clock.systemUTC(),
            OutputStream.nullOutputStream(),
            store,
            (namespace, app, instance, lines) -> {});
    server =
        new AgentServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "127.0.0.1",
            "n1",
            store,
            new Here(),
            atOnce(),
            metrics,
            Clock.systemUTC());
    client =
        HttpClient.newBuilder()
            .sslContext(Tls.pinned(server.location().certificateSha256()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /** As the agent's: it says at once that the API server fails. */
  private KubernetesClient atOnce() {
    return kubernetes
        .newClient(new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build())
        .adapt(KubernetesClient.class);
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    server.close();
    log.close();
    store.close();
    metrics.close();
  }

  @Test
  void aTokenThatMayReadsTheLogAndTheApiServerIsAskedOnce() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(true);
    write("one\ntwo\n");

    assertThat(get("/logs/shop/cart-1?tailLines=1", "good").body()).isEqualTo("two\n");
    assertThat(get("/logs/shop/cart-1", "good").body()).isEqualTo("one\ntwo\n");

    assertThat(api.getRequestCount()).isEqualTo(2);
    // Counted when all is sent, which a client may hear of first.
    await()
        .untilAsserted(() ->
            assertThat(metrics.text())
                .contains("dunlin_agent_log_requests_total{status=\"200\"} 2.0"));
  }

  @Test
  void withoutATokenNobodyIsAsked() throws Exception {
    assertThat(get("/logs/shop/cart-1", "").statusCode()).isEqualTo(401);

    assertThat(api.getRequestCount()).isZero();
  }

  @Test
  void aTokenThatWasMadeForAnotherIsNotTaken() throws Exception {
    tokenIsFor("agent.dunlin.dev/n2");

    assertThat(get("/logs/shop/cart-1", "good").statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenThatMayNotIsRefused() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(false);

    HttpResponse<String> answer = get("/logs/shop/cart-1", "good");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .isEqualTo("this token may not get wasminstances/log in namespace shop\n");
  }

  @Test
  void withoutTheApiServerNobodyReads() throws Exception {
    api.expect()
        .post()
        .withPath("/apis/authentication.k8s.io/v1/tokenreviews")
        .andReturn(500, "")
        .always();
    write("secret\n");

    assertThat(get("/logs/shop/cart-1", "good").statusCode()).isEqualTo(503);
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(true);
    write("one\n");

    assertThat(get("/logs/shop/other-1", "good").body())
        .isEqualTo("instance other-1 has not run on this node yet\n");
    assertThat(get("/logs/shop/cart-1?previous=true", "good").body())
        .isEqualTo("previous run of instance cart-1 not found\n");
    assertThat(get("/logs/shop/cart-1?tailLines=x", "good").statusCode()).isEqualTo(400);
    assertThat(get("/logs/shop", "good").statusCode()).isEqualTo(404);
  }

  @Test
  void followingEndsWithTheRunAndWithItsReader() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(true);
    RunOutput run = write("one\n");

    BufferedReader first = follow();
    BufferedReader second = follow();
    assertThat(first.readLine()).isEqualTo("one");
    assertThat(second.readLine()).isEqualTo("one");
    assertThat(server.logReaders()).isEqualTo(2);
    second.close();
    await().until(() -> server.logReaders() == 1);
    run.out().close();
    run.err().close();

    assertThat(first.readLine()).isNull();
    await().until(() -> server.logReaders() == 0);
  }

  @Test
  void whoMayGetANodesMetricsReadsWhatAppsDoThere() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(true);
    var cart = traffic.join("shop", "cart", "r1");
    cart.come();
    cart.waited(TimeUnit.MILLISECONDS.toNanos(250));
    cart.answered(200, TimeUnit.MILLISECONDS.toNanos(1));
    cart.answered(503, TimeUnit.MINUTES.toNanos(1));
    cart.used(Duration.ofMillis(1_500));
    cart.coldStart(1);
    here.add(new Presence("shop", "cart", "r1", 65_536));

    HttpResponse<String> answer = get("/apps", "good");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.body())
        .isEqualTo(
            """
            {"latencyBounds":[0.001,0.002,0.005,0.01,0.02,0.05,0.1,0.2,0.5,1.0,2.0,5.0,10.0,30.0],\
            "apps":[{"namespace":"shop","app":"cart","revision":"r1","status":[0,1,0,0,1],\
            "latency":[1,0,0,0,0,0,0,0,0,0,0,0,0,0,1],"waitedSeconds":0.25,"inFlight":1,"waiting":0,\
            "cpuSeconds":1.5,"memoryBytes":65536,"instances":1,"coldStarts":1}]}\
            """);
    var review = lastReview().getSpec().getResourceAttributes();
    assertThat(
            List.of(
                review.getVerb(),
                review.getGroup(),
                review.getResource(),
                review.getSubresource(),
                review.getName()))
        .containsExactly("get", "dunlin.dev", "wasmnodes", "metrics", "n1");
    assertThat(review.getNamespace()).isNull();
  }

  @Test
  void theApiServerIsAskedOnceForManyReadingsOfApps() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(true);

    for (int i = 0; i < 3; i++) {
      assertThat(get("/apps", "good").statusCode()).isEqualTo(200);
    }

    assertThat(api.getRequestCount()).isEqualTo(2);
  }

  @Test
  void onlyTheAppsThatAreAskedForAreRead() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(true);
    traffic.join("shop", "cart", "r1");
    traffic.join("shop", "till", "r1");
    traffic.join("bank", "cart", "r1");

    assertThat(apps("/apps?app=shop/cart&app=bank/cart")).containsExactly("bank/cart", "shop/cart");
    assertThat(apps("/apps?namespace=shop&app=cart")).containsExactly("shop/cart");
    assertThat(apps("/apps?namespace=shop")).containsExactly("shop/cart", "shop/till");
    assertThat(apps("/apps?app=shop%2Fnone")).isEmpty();
    HttpResponse<String> half = get("/apps?app=cart", "good");
    assertThat(half.statusCode()).isEqualTo(400);
    assertThat(half.body())
        .isEqualTo(
            "app: expected NAMESPACE/APP, or namespace=NAMESPACE beside it, found \"cart\"\n");
  }

  @Test
  void whoMayNotGetANodesMetricsReadsNone() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(false);
    traffic.join("shop", "cart", "r1");

    assertThat(get("/apps", "").statusCode()).isEqualTo(401);
    HttpResponse<String> answer = get("/apps", "good");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("this token may not get wasmnodes/metrics of n1\n");
  }

  @Test
  void aRightToReadLogsIsNoneToReadWhatAppsDo() throws Exception {
    tokenIsFor(AUDIENCE);
    accessIs(true);
    assertThat(get("/logs/shop/cart-1", "good").statusCode()).isEqualTo(404);
    api.clearExpectations();
    accessIs(false);
    tokenIsFor(AUDIENCE);

    assertThat(get("/apps", "good").statusCode()).isEqualTo(403);
  }

  @Test
  void withoutTheApiServerNobodyReadsWhatAppsDo() throws Exception {
    api.expect()
        .post()
        .withPath("/apis/authentication.k8s.io/v1/tokenreviews")
        .andReturn(500, "")
        .always();
    traffic.join("shop", "cart", "r1");

    assertThat(get("/apps", "good").statusCode()).isEqualTo(503);
  }

  private List<String> apps(String path) throws Exception {
    var names = new ArrayList<String>();
    new ObjectMapper()
        .readTree(get(path, "good").body())
        .get("apps")
        .forEach(it -> names.add(it.get("namespace").asText() + "/" + it.get("app").asText()));
    return names.stream().sorted().toList();
  }

  private SubjectAccessReview lastReview() throws Exception {
    String body = api.getLastRequest().getBody().readUtf8();
    return new ObjectMapper().readValue(body, SubjectAccessReview.class);
  }

  private final class Here implements AppTraffic {
    @Override
    public List<Double> latencyBounds() {
      return traffic.latencyBounds();
    }

    @Override
    public List<TrafficReading> read(Predicate<AppKey> apps) {
      return traffic.read(here).stream()
          .filter(it -> apps.test(new AppKey(it.namespace(), it.app())))
          .toList();
    }
  }

  private BufferedReader follow() throws Exception {
    var answer =
        client.send(
            request("/logs/shop/cart-1?follow=true", "good"),
            HttpResponse.BodyHandlers.ofInputStream());
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  private RunOutput write(String text) throws IOException {
    RunOutput run = log.begin(new GuestRun("shop", "cart", "cart-1", "u1"));
    run.out().write(text.getBytes(StandardCharsets.UTF_8));
    await().until(() -> store.bytes() > 0);
    return run;
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    return client.send(request(path, token), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String token) {
    URI uri = URI.create("https://127.0.0.1:" + server.location().port() + path);
    return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
  }

  private void tokenIsFor(String audience) {
    api.expect()
        .post()
        .withPath("/apis/authentication.k8s.io/v1/tokenreviews")
        .andReturn(
            201,
            new TokenReviewBuilder()
                .withNewStatus()
                .withAuthenticated(true)
                .withAudiences(audience)
                .withNewUser()
                .withUsername("ada")
                .withGroups("system:authenticated")
                .endUser()
                .endStatus()
                .build())
        .always();
  }

  private void accessIs(boolean allowed) {
    api.expect()
        .post()
        .withPath("/apis/authorization.k8s.io/v1/subjectaccessreviews")
        .andReturn(
            201,
            new SubjectAccessReviewBuilder()
                .withNewStatus()
                .withAllowed(allowed)
                .endStatus()
                .build())
        .always();
  }
}
