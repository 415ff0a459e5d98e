package dev.dunlin.operator.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmVolume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VolumesTest {
  private final List<String> told = new ArrayList<>();
  private final Volumes volumes = new Volumes((namespace, app) -> told.add(namespace + "/" + app));

  @Test
  void appsThatReferToAVolumeAreToldOfItEvenBeforeItIsThere() {
    view(app("shop", "data"));
    view(app("other", "its-own"));

    volumes.observe(null, volume("data", ""));

    assertThat(told).containsExactly("apps/shop");
    view(app("shop", "another"));
    told.clear();
    volumes.observe(volume("data", ""), null);
    assertThat(told).isEmpty();
  }

  @Test
  void anAppThatIsGoneIsToldOfNothing() {
    view(app("shop", "data"));
    view(app("other", "data"));

    volumes.retain((namespace, app) -> app.equals("other"));
    volumes.observe(null, volume("data", ""));

    assertThat(told).containsExactly("apps/other");
  }

  @Test
  void whatWasWrittenCountsUntilTheWatchHasToldIt() {
    volumes.observe(null, volume("data", ""));
    volumes.written(volume("data", "nodeName: n1, usedBy: shop"));

    volumes.observe(volume("data", ""), volume("data", "phase: Pending")); // older than our write
    assertThat(node()).isEqualTo("n1");

    volumes.observe(null, volume("data", "nodeName: n1, usedBy: shop, phase: Bound"));
    volumes.observe(null, volume("data", "nodeName: n2, usedBy: shop"));
    assertThat(node()).isEqualTo("n2");
  }

  @Test
  void aVolumeOnANodeThatIsNoneIsKnownAsGone() {
    volumes.observe(null, volume("data", "nodeName: n9, usedBy: shop"));

    assertThat(view(app("shop", "data")).gone()).containsExactly("n9");
    assertThat(view(app("shop", "data")).volumes()).containsOnlyKeys("data");
  }

  private String node() {
    WasmVolume known = Objects.requireNonNull(volumes.get("apps", "data"));
    return String.valueOf(known.getStatus().nodeName());
  }

  private VolumeView view(WasmApp app) {
    return volumes.view(app, Stream.of(app.getSpec().volumes()), node -> node.equals("n1"));
  }

  private static WasmApp app(String name, String claim) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: %s, namespace: apps}
        spec: {image: x, volumes: [{name: v, wasmVolume: {claimName: %s}}]}
        """
            .formatted(name, claim),
        WasmApp.class);
  }

  private static WasmVolume volume(String name, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmVolume
        metadata: {name: %s, namespace: apps, uid: u}
        spec: {accessMode: ReadWriteOnce, size: 1Gi}
        status: {%s}
        """
            .formatted(name, status),
        WasmVolume.class);
  }
}
