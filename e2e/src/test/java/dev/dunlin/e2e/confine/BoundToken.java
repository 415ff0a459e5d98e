package dev.dunlin.e2e.confine;

import dev.dunlin.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A token of a ServiceAccount as kubelet gets it for a Pod, and who comes with it. */
record BoundToken(ControlPlane controlPlane, String pod, String token) {

  /** Of a Pod on that node, which are made. */
  static BoundToken onNode(ControlPlane controlPlane, String account, String node) {
    var client = controlPlane.client();
    client
        .resource(new NodeBuilder().withNewMetadata().withName(node).endMetadata().build())
        .serverSideApply();
    // A new Node counts as not ready until its kubelet says otherwise.
    client
        .nodes()
        .withName(node)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"taints\":null}}");
    Pod pod =
        client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withNamespace(Confinement.NAMESPACE)
                    .withGenerateName(account + "-")
                    .endMetadata()
                    .withNewSpec()
                    .withNodeName(node)
                    .withServiceAccountName(account)
                    .addNewContainer()
                    .withName("main")
                    .withImage("registry.example.com/" + account)
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(3600L)
            .withNewBoundObjectRef()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .endBoundObjectRef()
            .endSpec();
    return asked(controlPlane, account, pod.getMetadata().getName(), request);
  }

  /** One that no Pod has. */
  static BoundToken unbound(ControlPlane controlPlane, String account) {
    return asked(
        controlPlane,
        account,
        "",
        new TokenRequestBuilder().withNewSpec().withExpirationSeconds(3600L).endSpec());
  }

  private static BoundToken asked(
      ControlPlane controlPlane, String account, String pod, TokenRequestBuilder request) {
    return new BoundToken(
        controlPlane,
        pod,
        controlPlane
            .client()
            .serviceAccounts()
            .inNamespace(Confinement.NAMESPACE)
            .withName(account)
            .tokenRequest(request.build())
            .getStatus()
            .getToken());
  }

  /** Who comes with it; the caller closes it. */
  KubernetesClient client() {
    Config config = Config.fromKubeconfig(controlPlane.kubeconfig().toFile());
    config.setOauthToken(token);
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** A kubeconfig with it. */
  Path kubeconfig(Path folder) throws IOException {
    String admin = Files.readString(controlPlane.kubeconfig());
    return Files.writeString(
        Files.createTempFile(folder, "bound-", ".kubeconfig"),
        admin.replaceFirst("token: [^}]+", "token: " + token));
  }
}
