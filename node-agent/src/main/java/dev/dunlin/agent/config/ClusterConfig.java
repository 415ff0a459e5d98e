package dev.dunlin.agent.config;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the API server, and keeps each answer for a moment so that many instances that start
 * at once ask once. Who must not be told what was before a certain time, asks {@link #since}.
 */
public final class ClusterConfig implements ConfigSource {
  private static final int MAX_KEPT = 1_000;
  private static final long FIRST_WAIT_MILLIS = 25;
  private static final long LAST_WAIT_MILLIS = 800;

  private record Kept(Optional<Map<String, byte[]>> keys, long askedNanos) {}

  private final KubernetesClient client;
  private final long keepNanos;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  public ClusterConfig(KubernetesClient client, Duration keep) {
    this.client = client;
    this.keepNanos = keep.toNanos();
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
    return configMap(namespace, name, System.nanoTime() - keepNanos);
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return secret(namespace, name, System.nanoTime() - keepNanos);
  }

  @Override
  public ConfigSource since(long nanoTime) {
    return new ConfigSource() {
      @Override
      public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
        return ClusterConfig.this.configMap(namespace, name, oldest());
      }

      @Override
      public Optional<Map<String, byte[]>> secret(String namespace, String name) {
        return ClusterConfig.this.secret(namespace, name, oldest());
      }

      private long oldest() {
        long kept = System.nanoTime() - keepNanos;
        return kept - nanoTime > 0 ? kept : nanoTime;
      }
    };
  }

  private Optional<Map<String, byte[]>> configMap(String namespace, String name, long oldest) {
    return read(
        "configmap/" + namespace + "/" + name,
        oldest,
        () -> {
          ConfigMap map = client.configMaps().inNamespace(namespace).withName(name).get();
          return map == null ? null : keysOf(map);
        });
  }

  private Optional<Map<String, byte[]>> secret(String namespace, String name, long oldest) {
    return read(
        "secret/" + namespace + "/" + name,
        oldest,
        () -> {
          Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
          return secret == null ? null : keysOf(secret);
        });
  }

  /** What was asked for before {@code oldest} does not count. */
  private Optional<Map<String, byte[]>> read(
      String key, long oldest, Supplier<@Nullable Map<String, byte[]>> fromServer) {
    Kept before = kept.get(key);
    if (before != null && before.askedNanos - oldest > 0) {
      return before.keys;
    }
    long asked = System.nanoTime();
    Optional<Map<String, byte[]>> keys = Optional.ofNullable(allowed(fromServer));
    kept.values().removeIf(entry -> asked - entry.askedNanos > keepNanos);
    if (kept.size() < MAX_KEPT) {
      kept.put(key, new Kept(keys, asked));
    }
    return keys;
  }

  /**
   * The operator grants the right to read an object just before it makes the first instance that
   * refers to it; the API server may hear of the instance first.
   */
  private static @Nullable Map<String, byte[]> allowed(
      Supplier<@Nullable Map<String, byte[]>> fromServer) {
    for (long wait = FIRST_WAIT_MILLIS; ; wait *= 2) {
      try {
        return fromServer.get();
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN || wait > LAST_WAIT_MILLIS) throw e;
      }
      try {
        Thread.sleep(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KubernetesClientException("interrupted while a right was waited for", e);
      }
    }
  }

  /** The keys of a ConfigMap or Secret. */
  static Map<String, byte[]> keysOf(HasMetadata object) {
    return switch (object) {
      case ConfigMap map -> keysOf(map);
      case Secret secret -> decoded(secret.getData());
      default -> throw new IllegalArgumentException("no ConfigMap or Secret: " + object.getKind());
    };
  }

  private static Map<String, byte[]> keysOf(ConfigMap map) {
    Map<String, byte[]> keys = decoded(map.getBinaryData());
    if (map.getData() != null) {
      map.getData().forEach((key, text) -> keys.put(key, text.getBytes(StandardCharsets.UTF_8)));
    }
    return keys;
  }

  private static Map<String, byte[]> decoded(@Nullable Map<String, String> base64) {
    var keys = new HashMap<String, byte[]>();
    if (base64 != null) {
      base64.forEach((key, text) -> keys.put(key, Base64.getDecoder().decode(text)));
    }
    return keys;
  }
}
