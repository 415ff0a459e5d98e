package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/** Writes instances to the API server: status by server-side apply. */
public final class ClusterInstances implements InstanceApi {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-agent")
          .withForce(true)
          .build();

  private final KubernetesClient client;

  public ClusterInstances(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public void applyStatus(WasmInstance instance, WasmInstanceStatus status) {
    var metadata = instance.getMetadata();
    var written = new WasmInstance();
    written.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            // A later instance of the same name is not this one: the API server answers 409.
            .withUid(metadata.getUid())
            .build());
    written.setStatus(status);
    ifThere(() -> client.resource(written).subresource("status").patch(APPLY));
  }

  @Override
  public void removeFinalizer(WasmInstance instance) {
    var metadata = instance.getMetadata();
    WasmInstance now =
        client
            .resources(WasmInstance.class)
            .inNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .get();
    if (now == null || !metadata.getUid().equals(now.getMetadata().getUid())) {
      return;
    }
    int index = now.getMetadata().getFinalizers().indexOf(Api.INSTANCE_FINALIZER);
    if (index < 0) {
      return;
    }
    String path = "/metadata/finalizers/" + index;
    String patch =
        "[{\"op\":\"test\",\"path\":\"%s\",\"value\":\"%s\"},{\"op\":\"remove\",\"path\":\"%s\"}]"
            .formatted(path, Api.INSTANCE_FINALIZER, path);
    ifThere(() -> client.resource(now).patch(PatchContext.of(PatchType.JSON), patch));
  }

  private static void ifThere(Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && !isOtherUid(e)) {
        throw e;
      }
    }
  }

  private static boolean isOtherUid(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        && String.valueOf(e.getMessage()).contains("Precondition failed: UID");
  }
}
