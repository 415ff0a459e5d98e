package dev.dunlin.e2e.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.operator.volume.VolumeBinder;
import dev.dunlin.operator.volume.VolumeTakenException;
import dev.dunlin.operator.volume.Volumes;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever binds a WasmVolume first has it, however old what the others know of it is. */
@OnRealApiServer
class BindingTest {

  @Test
  void ofManyOperatorsThatGiveOneVolumeToManyAppsExactlyOneDoes(KubernetesClient client) {
    WasmVolume volume = volume(client, "ReadWriteOnce");

    List<Boolean> bound =
        IntStream.range(0, 8)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(() ->
                    isBound(binder(client, volume), instance(client, "app-" + i, "node-" + i))))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(bound).containsOnlyOnce(true);
    String winner = String.valueOf(bound.indexOf(true));
    WasmVolume now = read(client);
    assertThat(now.getStatus().usedBy()).isEqualTo("app-" + winner);
    assertThat(now.getStatus().nodeName()).isEqualTo("node-" + winner);
    assertThat(now.getMetadata().getFinalizers()).contains(Api.VOLUME_FINALIZER);
  }

  @Test
  void anOperatorThatDiedAfterBindingIsFollowedByOneThatFindsTheSame(KubernetesClient client) {
    WasmVolume asItWas = volume(client, "ReadWriteOnce");
    binder(client, asItWas).accept(instance(client, "shop", "n1"));

    binder(client, asItWas).accept(instance(client, "shop", "n1"));
    assertThatThrownBy(() -> binder(client, asItWas).accept(instance(client, "shop", "n2")))
        .isInstanceOf(VolumeTakenException.class)
        .hasMessageContaining("given to app shop on node n1");

    assertThat(read(client).getStatus().nodeName()).isEqualTo("n1");
  }

  @Test
  void aVolumeThatIsGoneOrGoingIsNotBound(KubernetesClient client) {
    WasmVolume volume = volume(client, "ReadWriteOnce");
    binder(client, volume).accept(instance(client, "shop", "n1"));
    WasmVolume bound = read(client);
    client.resource(bound).delete(); // the finalizer keeps it

    assertThatThrownBy(() -> binder(client, bound).accept(instance(client, "other", "n1")))
        .isInstanceOf(VolumeTakenException.class);
    assertThatThrownBy(() -> binder(client, read(client)).accept(instance(client, "shop", "n1")))
        .isInstanceOf(VolumeTakenException.class)
        .hasMessageContaining("is being deleted");
    assertThatThrownBy(() ->
            new VolumeBinder(client, new Volumes((namespace, app) -> {}))
                .accept(instance(client, "shop", "n1")))
        .hasMessageContaining("is gone");
  }

  @Test
  void aSharedVolumeIsForAllAndKeptUntilItsFilesAreGone(KubernetesClient client) {
    WasmVolume volume = volume(client, "ReadWriteMany");

    binder(client, volume).accept(instance(client, "one", "n1"));
    binder(client, volume).accept(instance(client, "two", "n2"));

    assertThat(read(client).getMetadata().getFinalizers()).containsExactly(Api.VOLUME_FINALIZER);
  }

  private static boolean isBound(VolumeBinder binder, WasmInstance instance) {
    try {
      binder.accept(instance);
      return true;
    } catch (VolumeTakenException e) {
      return false;
    }
  }

  /** A binder that knows the volume as it was then. */
  private static VolumeBinder binder(KubernetesClient client, WasmVolume known) {
    var volumes = new Volumes((namespace, app) -> {});
    volumes.observe(null, known);
    return new VolumeBinder(client, volumes);
  }

  private static WasmVolume volume(KubernetesClient client, String mode) {
    WasmVolume wanted =
        Serialization.unmarshal(
            """
            apiVersion: dunlin.dev/v1alpha1
            kind: WasmVolume
            metadata: {name: data}
            spec: {accessMode: %s, size: 1Mi}
            """
                .formatted(mode),
            WasmVolume.class);
    return client.resource(wanted).create();
  }

  private static WasmVolume read(KubernetesClient client) {
    return Objects.requireNonNull(
        client.resources(WasmVolume.class).withName("data").get(), "no WasmVolume data");
  }

  private static WasmInstance instance(KubernetesClient client, String app, String node) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmInstance
        metadata: {name: %s-1, namespace: %s}
        spec:
          appName: %s
          revision: r
          nodeName: %s
          image: x
          volumes: [{name: data, wasmVolume: {claimName: data}}]
        """
            .formatted(app, client.getNamespace(), app, node),
        WasmInstance.class);
  }
}
