package dev.dunlin.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.config.ConfigKind;
import dev.dunlin.operator.config.ConfigRef;
import dev.dunlin.operator.config.Content;
import dev.dunlin.operator.instance.Instances;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ConfigsTest {
  private static final ConfigRef WEB = new ConfigRef(ConfigKind.CONFIG_MAP, "web", true, Set.of());
  private static final ConfigRef DB = new ConfigRef(ConfigKind.SECRET, "db", true, Set.of());

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final Changes changes = new Changes(new Instances(nanos::get));
  private final WasmApp app = app("app");
  private Stream<WasmApp> living = Stream.of(app);

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private Configs configs;

  private static WasmApp app(String name) {
    var app = new WasmApp();
    app.setMetadata(new ObjectMetaBuilder().withNamespace("ns").withName(name).build());
    return app;
  }

  @BeforeEach
  void aConfigMapAndASecret() {
    changes.tell((ResourceID id) -> told.add(id.getName()));
    configs = new Configs(client, changes, () -> living, nanos::get);
    say("red");
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("db")
                .withUid("u")
                .endMetadata()
                .addToData("password", "aHVudGVyMg==")
                .build())
        .create();
  }

  @AfterEach
  void stop() {
    configs.close();
    changes.close();
  }

  private void say(String color) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("web")
                .endMetadata()
                .addToData("color", color)
                .build())
        .createOr(it -> it.update());
  }

  private Content.Present read(ConfigRef ref) {
    await().until(() -> configs.read("ns", ref) instanceof Content.Present);
    return (Content.Present) configs.read("ns", ref);
  }

  @Test
  void whatNobodyRefersToIsNotWatched() {
    configs.refer(app, List.of());

    assertThat(configs.watches()).isZero();
    assertThat(configs.read("ns", WEB)).isInstanceOf(Content.Unknown.class);
  }

  @Test
  void whoRefersToAConfigMapIsToldOfEachChange() {
    configs.refer(app, List.of(WEB));
    var red = read(WEB);
    told.clear();

    say("blue");

    await().until(() -> told.contains("app"));
    assertThat(read(WEB)).isNotEqualTo(red);
  }

  @Test
  void ofASecretNothingIsKeptButAHash() {
    configs.refer(app, List.of(DB));

    assertThat(read(DB).keys()).containsOnlyKeys("password");
    assertThat(read(DB).keys().get("password")).doesNotContain("aHVudGVyMg").hasSize(16);
  }

  @Test
  void whatIsNotThereIsAbsentOnceAllHasBeenRead() {
    configs.refer(app, List.of(WEB));
    read(WEB);

    var other = new ConfigRef(ConfigKind.CONFIG_MAP, "other", true, Set.of());
    assertThat(configs.read("ns", other)).isInstanceOf(Content.Absent.class);
  }

  @Test
  void theLastOneThatRefersEndsTheWatch() {
    var second = app("second");
    configs.refer(app, List.of(WEB, DB));
    configs.refer(second, List.of(WEB));
    assertThat(configs.watches()).isEqualTo(2);

    configs.refer(app, List.of());
    assertThat(configs.watches()).isEqualTo(1);
    configs.refer(second, List.of());
    assertThat(configs.watches()).isZero();
  }

  @Test
  void anAppThatIsGoneRefersToNothing() {
    configs.refer(app, List.of(WEB));
    living = Stream.empty();
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());

    configs.refer(app("second"), List.of(DB));

    assertThat(configs.watches()).isZero();
  }
}
