package dev.dunlin.operator.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;

/**
 * Writes an app's Service and EndpointSlice, one write each, but never over one that was not made
 * for the app. What has a uid changes the very object that has it; what has none is new.
 */
record NamedLikeApp(KubernetesClient client) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Cluster.FIELD_MANAGER)
          .build();

  void write(WasmApp app, HasMetadata wanted) {
    if (wanted.getMetadata().getUid() == null) create(app, wanted);
    else change(wanted);
  }

  private void create(WasmApp app, HasMetadata wanted) {
    try {
      client.resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) throw e;
      @Nullable HasMetadata found = client.resource(wanted).get();
      if (found == null) throw e;
      if (!AppService.isOurs(found, app))
        throw new RefusedException(Reasons.SERVICE_NAME_TAKEN, nameTaken(wanted), e);
      wanted.getMetadata().setUid(found.getMetadata().getUid()); // the watch has not told yet
      change(wanted);
    }
  }

  /** Lists are replaced whole, which a server-side apply over what was created does not. */
  private void change(HasMetadata wanted) {
    ObjectNode patch = JSON.valueToTree(wanted);
    if (wanted instanceof EndpointSlice && !patch.has("endpoints")) patch.putArray("endpoints");
    client.resource(wanted).patch(MERGE, patch.toString());
  }

  /** No watch tells of EndpointSlices that others manage. */
  private static String nameTaken(HasMetadata wanted) {
    return "A %s named %s exists in namespace %s and was not made for this app. Delete it, or give the app another name."
        .formatted(
            wanted.getKind(), wanted.getMetadata().getName(), wanted.getMetadata().getNamespace());
  }
}
