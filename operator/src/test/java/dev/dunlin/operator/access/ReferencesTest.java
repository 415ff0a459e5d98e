package dev.dunlin.operator.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static final String EVERY_KIND =
      """
      image: registry.example.com/a@sha256:%s
      imagePullSecrets: [{name: pull}]
      env:
      - {name: PLAIN, value: x}
      - {name: FIELD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
      - {name: MAP, valueFrom: {configMapKeyRef: {name: env-map, key: k, optional: true}}}
      - {name: SECRET, valueFrom: {secretKeyRef: {name: env-secret, key: k}}}
      envFrom: [{configMapRef: {name: from-map}}, {secretRef: {name: from-secret, optional: true}}]
      volumes:
      - {name: a, configMap: {name: volume-map}}
      - {name: b, secret: {secretName: volume-secret}}
      - {name: c, projected: {sources: [{configMap: {name: projected-map}}, {secret: {name: projected-secret}}, {downwardAPI: {items: []}}]}}
      - {name: d, emptyDir: {}}
      - {name: e, wasmVolume: {claimName: data}}
      - {name: again, secret: {secretName: env-secret}}
      """
          .formatted("0".repeat(64));
  private static final List<String> MAPS =
      List.of("env-map", "from-map", "projected-map", "volume-map");
  private static final List<String> SECRETS =
      List.of("env-secret", "from-secret", "projected-secret", "pull", "volume-secret");
  private static final Account AGENTS = new Account("system", "agent", Optional.empty());

  @Test
  void everyWayToReferToAnObjectCounts() {
    var ofApp = References.of(Serialization.unmarshal(EVERY_KIND, WasmAppSpec.class));
    var ofInstance = References.of(Serialization.unmarshal(EVERY_KIND, WasmInstanceSpec.class));

    assertThat(ofApp.configMaps()).containsExactlyElementsOf(MAPS);
    assertThat(ofApp.secrets()).containsExactlyElementsOf(SECRETS);
    assertThat(ofInstance).isEqualTo(ofApp);
  }

  @Test
  void whoRefersToNothingIsNone() {
    var spec = Serialization.unmarshal("image: registry.example.com/a:1", WasmAppSpec.class);

    assertThat(References.of(spec).isEmpty()).isTrue();
  }

  @Test
  void everyRightIsToNames() {
    var names = References.of(Serialization.unmarshal(EVERY_KIND, WasmAppSpec.class));

    var role = ReadRole.role("shop", names, List.of());

    assertThat(role.getRules())
        .extracting(
            PolicyRule::getApiGroups,
            PolicyRule::getResources,
            PolicyRule::getResourceNames,
            PolicyRule::getVerbs)
        .containsExactly(tuple("configmaps", MAPS), tuple("secrets", SECRETS));
    assertThat(ReadRole.named(role)).isEqualTo(names);
    assertThat(ReadRole.isOf(role, names)).isTrue();
  }

  private static Tuple tuple(String resource, List<String> names) {
    return Assertions.tuple(List.of(""), List.of(resource), names, List.of("get", "list", "watch"));
  }

  /** A right without names would be one to all. */
  @Test
  void nothingIsGrantedOfAKindThatNobodyRefersTo() {
    var pull = Serialization.unmarshal("imagePullSecrets: [{name: pull}]", WasmAppSpec.class);

    var role = ReadRole.role("shop", References.of(pull), List.of());

    assertThat(role.getRules())
        .extracting(PolicyRule::getResources)
        .containsExactly(List.of("secrets"));
    assertThat(ReadRole.role("shop", References.NONE, List.of()).getRules()).isEmpty();
  }

  @Test
  void whatSomebodyElseHasChangedIsNotAsWanted() {
    var names = References.of(Serialization.unmarshal(EVERY_KIND, WasmAppSpec.class));
    var widened = ReadRole.role("shop", names, List.of());
    widened.getRules().getFirst().setResourceNames(List.of());
    var binding = ReadRole.binding("shop", AGENTS, List.of());
    binding.getSubjects().getFirst().setName("other");

    assertThat(ReadRole.isOf(widened, names)).isFalse();
    assertThat(ReadRole.named(widened).configMaps()).isEmpty();
    assertThat(ReadRole.isOf(binding, AGENTS)).isFalse();
    assertThat(ReadRole.isOf(ReadRole.binding("shop", AGENTS, List.of()), AGENTS)).isTrue();
  }
}
