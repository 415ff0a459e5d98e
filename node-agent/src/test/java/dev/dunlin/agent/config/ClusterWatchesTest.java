package dev.dunlin.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ClusterWatchesTest {
  private static final ConfigObject SITE = new ConfigObject(ConfigObject.Kind.CONFIG_MAP, "site");

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @Test
  void allWhoWantToKnowOfAnObjectShareOneWatchThatEndsWithTheLast() {
    configMap("site", "1");
    configMap("other", "not ours");
    try (var watches = new ClusterWatches(client)) {
      var first = new AtomicInteger();
      var second = new AtomicInteger();
      var one = watches.watch("apps", SITE, first::incrementAndGet);
      var two = watches.watch("apps", SITE, second::incrementAndGet);
      await().until(() -> one.isKnown() && two.keys().isPresent());
      assertThat(watches.size()).isEqualTo(1);
      assertThat(one.keys().orElseThrow()).containsOnlyKeys("key");

      one.close();
      one.close();
      configMap("site", "2");
      await().until(() -> text(two).equals("2"));
      assertThat(second.get()).isGreaterThan(first.get());

      two.close();
      assertThat(watches.size()).isZero();
    }
  }

  @Test
  void anObjectThatIsNotThereIsKnownAsMissingUntilItComes() {
    try (var watches = new ClusterWatches(client)) {
      var watch = watches.watch("apps", SITE, () -> {});
      await().until(watch::isKnown);
      assertThat(watch.keys()).isEmpty();

      configMap("site", "1");

      await().until(() -> watch.keys().isPresent());
    }
  }

  @Test
  void whoeverWantsToKnowOfAnObjectAfterTheEndKeepsNoWatchAlive() {
    configMap("site", "1");
    var watches = new ClusterWatches(client);
    watches.close();

    var late = watches.watch("apps", SITE, () -> {});

    await().during(Duration.ofMillis(300)).until(() -> !late.isKnown());
    late.close();
    assertThat(watches.size()).isZero();
  }

  private static String text(ConfigWatches.Watching watch) {
    byte[] text = watch.keys().orElseThrow().get("key");
    return new String(Objects.requireNonNull(text), StandardCharsets.UTF_8);
  }

  private void configMap(String name, String text) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("apps")
                .endMetadata()
                .withData(Map.of("key", text))
                .build())
        .createOr(existing -> existing.update());
  }
}
