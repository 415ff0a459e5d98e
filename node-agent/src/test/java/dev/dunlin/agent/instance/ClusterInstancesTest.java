package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class ClusterInstancesTest {
  private static final String PATH = "/apis/dunlin.dev/v1alpha1/namespaces/apps/wasminstances/a-1";
  private static final String APPLY = PATH + "/status?fieldManager=dunlin-agent&force=true";

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @Test
  void aStatusIsAppliedToTheInstanceOfThatUid() throws Exception {
    server.expect().patch().withPath(APPLY).andReturn(200, "{}").once();

    api().applyStatus(instance("uid-1"), WasmInstanceStatus.EMPTY);

    var sent = new ObjectMapper().readTree(server.takeRequest().getBody().readUtf8());
    assertThat(sent.at("/metadata/uid").asText()).isEqualTo("uid-1");
    assertThat(sent.has("spec")).isFalse();
    assertThat(sent.at("/metadata/finalizers").isMissingNode()).isTrue();
  }

  @Test
  void aStatusOfAnInstanceThatIsGoneIsNotWritten() {
    server.expect().patch().withPath(APPLY).andReturn(404, "{}").once();
    server
        .expect()
        .patch()
        .withPath(APPLY)
        .andReturn(409, fault(409, "Precondition failed: UID in precondition: uid-1"))
        .once();

    api().applyStatus(instance("uid-1"), WasmInstanceStatus.EMPTY);
    api().applyStatus(instance("uid-1"), WasmInstanceStatus.EMPTY);

    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void otherFaultsAreTold() {
    server.expect().patch().withPath(APPLY).andReturn(409, fault(409, "a conflict")).once();

    assertThatThrownBy(() -> api().applyStatus(instance("uid-1"), WasmInstanceStatus.EMPTY))
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void onlyTheAgentsOwnFinalizerIsTakenOff() throws Exception {
    server.expect().get().withPath(PATH).andReturn(200, instance("uid-1")).once();
    server.expect().patch().withPath(PATH).andReturn(200, "{}").once();

    api().removeFinalizer(instance("uid-1"));

    server.takeRequest();
    var patch = server.takeRequest();
    assertThat(patch.getHeader("Content-Type")).startsWith("application/json-patch+json");
    assertThat(patch.getBody().readUtf8())
        .isEqualTo(
            "[{\"op\":\"test\",\"path\":\"/metadata/finalizers/1\",\"value\":\""
                + Api.INSTANCE_FINALIZER
                + "\"},{\"op\":\"remove\",\"path\":\"/metadata/finalizers/1\"}]");
  }

  @Test
  void theFinalizerOfALaterInstanceOfThatNameStays() {
    server.expect().get().withPath(PATH).andReturn(200, instance("uid-2")).once();

    api().removeFinalizer(instance("uid-1"));

    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  private ClusterInstances api() {
    return new ClusterInstances(client);
  }

  private static Object fault(int code, String message) {
    return new StatusBuilder().withCode(code).withMessage(message).build();
  }

  private static WasmInstance instance(String uid) {
    var instance = new WasmInstance();
    instance.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("apps")
            .withName("a-1")
            .withUid(uid)
            .withFinalizers(List.of("other/finalizer", Api.INSTANCE_FINALIZER))
            .build());
    return instance;
  }
}
