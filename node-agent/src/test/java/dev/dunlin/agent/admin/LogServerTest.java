package dev.dunlin.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.log.GuestLog;
import dev.dunlin.agent.log.GuestRun;
import dev.dunlin.agent.log.LogDisk;
import dev.dunlin.agent.log.LogFolders;
import dev.dunlin.agent.log.LogLimits;
import dev.dunlin.agent.log.LogStore;
import dev.dunlin.agent.log.RunOutput;
import dev.dunlin.https.Tls;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient
class LogServerTest {
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
  private LogServer server;

  @SuppressWarnings("NullAway.Init")
  private HttpClient client;

  private final AgentMetrics metrics = new AgentMetrics();

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
        new LogServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "127.0.0.1",
            "n1",
            store,
            kubernetes,
            metrics,
            Clock.systemUTC());
    client =
        HttpClient.newBuilder()
            .sslContext(Tls.pinned(server.location().certificateSha256()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
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
    assertThat(metrics.text()).contains("dunlin_agent_log_requests_total{status=\"200\"} 2.0");
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
    assertThat(server.readers()).isEqualTo(2);
    second.close();
    await().until(() -> server.readers() == 1);
    run.out().close();
    run.err().close();

    assertThat(first.readLine()).isNull();
    await().until(() -> server.readers() == 0);
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
