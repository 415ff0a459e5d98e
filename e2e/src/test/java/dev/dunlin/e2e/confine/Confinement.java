package dev.dunlin.e2e.confine;

import com.marcnuri.helm.Helm;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Accounts, rights and policies as the chart has them. */
final class Confinement {
  static final String NAMESPACE = "dunlin-system";
  static final String AGENT = "dunlin-agent";
  static final String OPERATOR = "dunlin-operator";
  static final String AGENT_ROLE = NAMESPACE + ":" + AGENT;

  private static final Set<String> KINDS =
      Set.of(
          "ServiceAccount",
          "ClusterRole",
          "ClusterRoleBinding",
          "Role",
          "RoleBinding",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding");

  private Confinement() {}

  /** What {@code helm install dunlin --namespace dunlin-system} would make of these kinds. */
  static List<HasMetadata> objects(KubernetesClient client, String... values) {
    var template =
        new Helm(Repository.root().resolve("helm/dunlin"))
            .template()
            .withName("dunlin")
            .withNamespace(NAMESPACE)
            .withKubeVersion("1.36")
            .set(
                "metricsApi.custom",
                "never"); // else it would ask a cluster which other adapter there is
    for (String value : values) {
      String[] pair = value.split("=", 2);
      template.set(pair[0], pair[1]);
    }
    return client
        .load(new ByteArrayInputStream(template.call().getBytes(StandardCharsets.UTF_8)))
        .items()
        .stream()
        .filter(object -> KINDS.contains(object.getKind()))
        .toList();
  }

  /** Makes them, and waits until the policies hold. */
  static void install(ControlPlane controlPlane) {
    KubernetesClient client = controlPlane.client();
    var namespace =
        new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
    Stream.concat(Stream.of(namespace), objects(client).stream())
        .forEach(object -> client.resource(object).forceConflicts().serverSideApply());
  }
}
