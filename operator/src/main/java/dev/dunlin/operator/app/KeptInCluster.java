package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.revision.KeptRevision;
import dev.dunlin.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;

/** Writes the ControllerRevisions of apps. */
record KeptInCluster(KubernetesClient client, Revisions revisions) {

  /** Makes other passes see what is about to be written. */
  void reserve(Keeping keeping) {
    keeping.write().ifPresent(revisions::writing);
    keeping.prune().forEach(revisions::deleting);
  }

  /** Writes it; what fails is no longer reserved. */
  void apply(WasmApp app, Keeping keeping) {
    keeping.write().ifPresent(kept -> orUndo(kept, () -> write(app, kept)));
    for (var kept : keeping.prune()) orUndo(kept, () -> resource(kept).delete());
  }

  private void orUndo(KeptRevision kept, Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException | RefusedException e) {
      revisions.notWritten(kept);
      throw e;
    }
  }

  private void write(WasmApp app, KeptRevision kept) {
    var object = kept.object(app);
    try {
      client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) throw Cluster.refusalOr(e, Reasons.REVISION_REFUSED, object);
      renumber(app, kept);
    }
  }

  /** One that is there is this template, rolled out before; or a namesake's, which soon goes. */
  private void renumber(WasmApp app, KeptRevision kept) {
    @Nullable ControllerRevision found = resource(kept).get();
    if (found == null || !AppService.isOurs(found, app)) {
      revisions.notWritten(kept); // the watch tells when it has gone
      return;
    }
    if (found.getRevision() == null || found.getRevision() < kept.number())
      resource(kept)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE), "{\"revision\":%d}".formatted(kept.number()));
  }

  private Resource<ControllerRevision> resource(KeptRevision kept) {
    return client.apps().controllerRevisions().inNamespace(kept.namespace()).withName(kept.name());
  }
}
