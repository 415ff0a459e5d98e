package dev.dunlin.operator.aggregate;

import dev.dunlin.https.Request;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes the API server, and nobody else, when it says who asks. Whom to take for the API server
 * is read again every now and then, and when somebody unknown asks.
 */
final class FrontProxy {
  private static final Logger LOG = LoggerFactory.getLogger(FrontProxy.class);
  private static final Duration READ_AGAIN = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final LongSupplier nanoTime;
  private volatile FrontProxyTrust trust = FrontProxyTrust.NONE;
  private long readAt; // guarded by this

  FrontProxy(KubernetesClient client, LongSupplier nanoTime) {
    this.client = client;
    this.nanoTime = nanoTime;
    this.readAt = nanoTime.getAsLong() - READ_AGAIN.toNanos();
  }

  Optional<User> user(Request request) {
    var user = trust.user(request.clientCertificates(), request.headers());
    if (user.isPresent() || request.clientCertificates().isEmpty() || !readAgain()) return user;
    return trust.user(request.clientCertificates(), request.headers());
  }

  /** Reads it; the fabric8 client's exceptions say why not. */
  void refresh() {
    @Nullable ConfigMap map =
        client
            .configMaps()
            .inNamespace("kube-system")
            .withName("extension-apiserver-authentication")
            .get();
    Map<String, String> data = map == null || map.getData() == null ? Map.of() : map.getData();
    var read = FrontProxyTrust.parse(data);
    if (read.isNobody())
      LOG.warn(
          "kube-apiserver has no --requestheader-client-ca-file: nobody can ask for what this operator serves");
    trust = read;
  }

  private boolean readAgain() {
    synchronized (this) {
      long now = nanoTime.getAsLong();
      if (now - readAt < READ_AGAIN.toNanos()) return false;
      readAt = now;
    }
    try {
      refresh();
      return true;
    } catch (RuntimeException e) {
      LOG.warn("Whom to take for the API server could not be read: {}", e.getMessage());
      return false;
    }
  }
}
