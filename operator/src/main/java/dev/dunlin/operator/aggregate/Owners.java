package dev.dunlin.operator.aggregate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose deletion takes along what this operator makes, so that uninstalling it leaves nothing: the
 * Service in front of it owns its Secret, and a ClusterRole its APIServices (what is in no
 * namespace cannot be owned by what is in one).
 */
final class Owners {
  private final KubernetesClient client;
  private final String namespace;
  private final AggregatedApi.Place place;

  Owners(KubernetesClient client, String namespace, AggregatedApi.Place place) {
    this.client = client;
    this.namespace = namespace;
    this.place = place;
  }

  /** Of the Secret; none while there is no Service. */
  List<OwnerReference> ofSecret() {
    return of(client.services().inNamespace(namespace).withName(place.service()).get());
  }

  /** Of an APIService; none where none is named, or it is not there. */
  List<OwnerReference> ofApiService() {
    return place
        .owner()
        .map(role -> of(client.rbac().clusterRoles().withName(role).get()))
        .orElse(List.of());
  }

  private static List<OwnerReference> of(@Nullable HasMetadata owner) {
    return owner == null
        ? List.of()
        : List.of(
            new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .build());
  }
}
