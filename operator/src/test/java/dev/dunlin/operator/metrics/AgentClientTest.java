package dev.dunlin.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.https.HttpsServer;
import dev.dunlin.https.Identity;
import dev.dunlin.https.Request;
import dev.dunlin.https.Response;
import dev.dunlin.operator.agent.AgentTokens;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class AgentClientTest {
  private static final String PAGE =
      """
      {"latencyBounds": [0.01, 0.1], "version": "a later one's", "apps": [
        {"namespace": "ns", "app": "shop", "revision": "r1", "status": [0, 7, 0, 0, 1],
         "latency": [5, 2, 1], "waitedSeconds": 0.5, "inFlight": 3, "waiting": 1,
         "cpuSeconds": 1.5, "memoryBytes": 4096, "instances": 2, "coldStarts": 1}]}
      """;
  private static final List<AppKey> SHOP = List.of(new AppKey("ns", "shop"));

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer mock;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private AgentClient agents;

  @SuppressWarnings("NullAway.Init")
  private HttpsServer agent;

  private final BlockingQueue<Request> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private Identity identity = identity();
  private String page = PAGE;

  @BeforeEach
  void start() throws IOException {
    for (String token : List.of("first", "second"))
      mock.expect()
          .post()
          .withPath("/api/v1/namespaces/dunlin-system/serviceaccounts/reader/token")
          .andReturn(201, token(token))
          .once();
    agents =
        new AgentClient(
            new AgentTokens(client, "dunlin-system", "reader", Clock.systemUTC()),
            Duration.ofMillis(300));
    agent = listen(0);
  }

  @AfterEach
  void stop() {
    over.countDown();
    agents.close();
    agent.close();
  }

  @Test
  void anAgentIsAskedForSomeAppsWithATokenOfItsOwn() throws Exception {
    var page = agents.read("n1", where(), SHOP);

    assertThat(page.latencyBounds()).containsExactly(0.01, 0.1);
    Reading reading = page.byApp().getOrDefault(SHOP.getFirst(), List.of()).getFirst();
    assertThat(reading.status()).containsExactly(0L, 7L, 0L, 0L, 1L);
    assertThat(reading.memoryBytes()).isEqualTo(4096);
    Request request = asked.remove();
    assertThat(request.path()).containsExactly("apps");
    assertThat(request.query()).containsEntry("app", List.of("ns/shop"));
    assertThat(request.header("authorization")).hasValue("Bearer first");
  }

  @Test
  void aConnectionIsKeptForTheNextReading() throws Exception {
    for (int i = 0; i < 3; i++) assertThat(agents.read("n1", where(), SHOP).apps()).hasSize(1);

    assertThat(agent.connections()).isEqualTo(1);
  }

  @Test
  void manyAppsAreNotNamed() throws Exception {
    var many = Stream.iterate(0, i -> i + 1).limit(2_000).map(i -> new AppKey("ns", "app" + i));

    assertThat(agents.read("n1", where(), many.toList()).apps()).hasSize(1);

    assertThat(asked.remove().query()).isEmpty();
  }

  @Test
  void whoHasAnotherCertificateIsNotGivenTheToken() {
    var other = new NodeLogs("127.0.0.1", agent.address().getPort(), identity().fingerprint());

    assertThatThrownBy(() -> agents.read("n1", other, SHOP))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected the certificate with SHA-256");
    assertThat(asked).isEmpty();
  }

  @Test
  void anAgentThatCameBackWithANewCertificateIsReadAgain() throws Exception {
    var _ = agents.read("n1", where(), SHOP);
    int port = agent.address().getPort();

    agent.close();
    identity = identity();
    // Somebody else's connection may have the port for a moment.
    await()
        .ignoreExceptionsInstanceOf(BindException.class)
        .untilAsserted(() -> agent = listen(port));

    assertThat(agents.read("n1", where(), SHOP).apps()).hasSize(1);
  }

  @Test
  void aTokenThatIsRefusedIsMadeAnew() throws Exception {
    page = "only the second token";

    assertThat(agents.read("n1", where(), SHOP).apps()).hasSize(1);

    assertThat(asked)
        .extracting(request -> request.header("authorization").orElseThrow())
        .containsExactly("Bearer first", "Bearer second");
  }

  @Test
  void anAgentThatBeginsNoAnswerIsGivenUp() {
    page = "nothing";

    assertThatThrownBy(() -> agents.read("n1", where(), SHOP))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the agent of node n1 does not answer at 127.0.0.1:");
  }

  @Test
  void anAgentThatEndsNoAnswerIsGivenUp() {
    page = "no end";

    assertThatThrownBy(() -> agents.read("n1", where(), SHOP))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the agent of node n1");
  }

  @Test
  void whatIsNoSuchPageIsSaid() {
    for (String wrong :
        List.of("[]", "null", "{}", "{\"latencyBounds\": [], \"apps\": []}", "<html>")) {
      page = wrong;
      assertThatThrownBy(() -> agents.read("n1", where(), SHOP))
          .as(wrong)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the agent of node n1: expected");
    }
    page = PAGE.replace("[5, 2, 1]", "[5, 2]");
    assertThatThrownBy(() -> agents.read("n1", where(), SHOP))
        .hasMessageContaining("3 buckets of ns/shop, found 5 and 2");
  }

  @Test
  void aRefusalIsPassedOn() {
    page = "refused";

    assertThatThrownBy(() -> agents.read("n1", where(), SHOP))
        .isInstanceOf(IOException.class)
        .hasMessage("the agent of node n1 answers 403: this token may not");
  }

  private void answer(Request request, Response response) throws IOException {
    asked.add(request);
    switch (page) {
      case "refused" -> response.send(403, "this token may not\n");
      case "nothing" -> awaitEnd();
      case "no end" -> {
        OutputStream out = response.stream(200, "application/json", () -> {});
        out.write('{');
        out.flush();
        awaitEnd();
      }
      case "only the second token" -> {
        boolean second = request.header("authorization").equals(Optional.of("Bearer second"));
        if (second) send(response, PAGE);
        else response.send(401, "which token?\n");
      }
      default -> send(response, page);
    }
  }

  private static void send(Response response, String page) throws IOException {
    response.send(200, "application/json", page.getBytes(StandardCharsets.UTF_8));
  }

  private void awaitEnd() throws IOException {
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new IOException("the test is over", e);
    }
  }

  private HttpsServer listen(int port) throws IOException {
    return new HttpsServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        8,
        () -> identity,
        this::answer);
  }

  private NodeLogs where() {
    return new NodeLogs("127.0.0.1", agent.address().getPort(), identity.fingerprint());
  }

  private static Identity identity() {
    return Identity.selfSigned("n1", List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1));
  }

  private static TokenRequest token(String token) {
    return new TokenRequestBuilder().withNewStatus().withToken(token).endStatus().build();
  }
}
