package dev.dunlin.e2e.app;

import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.cluster.Kubectl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/** The CRD of HTTPRoutes, while it is open, and what a Gateway's controller says of one. */
public record GatewayApi(Kubectl kubectl) implements AutoCloseable {
  private static final String CRD = "crd/httproutes.gateway.networking.k8s.io";

  /** Installs it; close takes it away again, with all HTTPRoutes. */
  public static GatewayApi install(Kubectl kubectl) {
    kubectl.apply(text());
    kubectl.run("wait", "--for=condition=Established", CRD, "--timeout=30s");
    return new GatewayApi(kubectl);
  }

  private static String text() {
    try (InputStream in =
        Objects.requireNonNull(GatewayApi.class.getResourceAsStream("/gateway/httproutes.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says of the HTTPRoute as it is now what the controller of its first Gateway thinks of it. */
  void answer(String route, String status, String reason, String message) {
    String parent = get(route, "{.spec.parentRefs[0]}");
    String generation = get(route, "{.metadata.generation}");
    String patch =
        """
        {"status": {"parents": [{"parentRef": %s, "controllerName": "example.com/gateway", "conditions": [
          {"type": "Accepted", "status": "%s", "reason": "%s", "message": "%s",
           "observedGeneration": %s, "lastTransitionTime": "2026-01-01T00:00:00Z"}]}]}}
        """
            .formatted(parent, status, reason, message, generation);
    kubectl.run("patch", "httproute", route, "--subresource=status", "--type=merge", "-p", patch);
  }

  /** The same as soon as there is one, in a thread of its own. */
  public void answerOnceThere(String route, String status, String reason, String message) {
    Thread.ofVirtual()
        .start(() -> {
          await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> kubectl.call("", "get", "httproute", route).ok());
          answer(route, status, reason, message);
        });
  }

  private String get(String route, String path) {
    return kubectl.run("get", "httproute", route, "-o", "jsonpath=" + path);
  }

  @Override
  public void close() {
    kubectl.run("delete", CRD, "--timeout=60s");
  }
}
