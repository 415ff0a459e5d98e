package dev.dunlin.operator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.route.Routing;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is named like its app, one write each, but never over one that was not made for the
 * app. What has a uid changes the very object that has it; what has none is new.
 */
record NamedLikeApp(KubernetesClient client) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Cluster.FIELD_MANAGER)
          .build();

  private static final String SPEC = "spec";

  /** A Service's spec has fields that are the API server's, the others' have not. */
  private static final Set<String> WHOLE =
      Set.of("HorizontalPodAutoscaler", "HTTPRoute", "Ingress");

  /**
   * Makes or changes an object.
   *
   * @param over what it is to be made of, as far as is known
   * @param takenReason why it is refused where somebody else has the name
   */
  void write(WasmApp app, HasMetadata wanted, @Nullable HasMetadata over, String takenReason) {
    if (wanted.getMetadata().getUid() == null) create(app, wanted, takenReason);
    else change(wanted, over);
  }

  private void create(WasmApp app, HasMetadata wanted, String takenReason) {
    try {
      client.resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) throw e;
      @Nullable HasMetadata found = client.resource(wanted).get();
      if (found == null) throw e;
      if (!AppService.isOurs(found, app))
        throw new RefusedException(takenReason, nameTaken(wanted), e);
      wanted.getMetadata().setUid(found.getMetadata().getUid()); // the watch has not told yet
      change(wanted, found);
    }
  }

  /** Lists are replaced whole, which a server-side apply over what was created does not. */
  private void change(HasMetadata wanted, @Nullable HasMetadata over) {
    ObjectNode patch = JSON.valueToTree(wanted);
    if (wanted instanceof EndpointSlice && !patch.has("endpoints")) patch.putArray("endpoints");
    if (over != null && WHOLE.contains(wanted.getKind()))
      takeOut(JSON.valueToTree(over).path(SPEC), patch.path(SPEC));
    client.resource(wanted).patch(MERGE, patch.toString());
  }

  /** Says of each field that is there and not wanted that it goes. */
  private static void takeOut(JsonNode found, JsonNode patch) {
    if (!(patch instanceof ObjectNode wanted)) return;
    for (var field : found.properties()) {
      if (!wanted.has(field.getKey())) wanted.putNull(field.getKey());
      else takeOut(field.getValue(), wanted.get(field.getKey()));
    }
  }

  private static String nameTaken(HasMetadata wanted) {
    var meta = wanted.getMetadata();
    return Routing.taken(wanted.getKind(), meta.getName(), meta.getNamespace());
  }
}
