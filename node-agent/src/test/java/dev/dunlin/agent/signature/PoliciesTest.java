package dev.dunlin.agent.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.oci.ImageReference;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
  private static final ImageReference IMAGE = image("registry.example.com/team/app");

  @ParameterizedTest
  @CsvSource({
    "**,                                      registry.example.com/team/app, true",
    "registry.example.com/**,                 registry.example.com/team/app, true",
    "registry.example.com/*,                  registry.example.com/team/app, false",
    "registry.example.com/*/app,              registry.example.com/team/app, true",
    "registry.example.com/team/a*,            registry.example.com/team/app, true",
    "registry.example.com/team/app,           registry.example.com/team/app, true",
    "registry.example.com/team/app,           registry.example.com/team/apps, false",
    "registry-example.com/team/app,           registry.example.com/team/app, false",
    "registry.example.com/team/app,           registryXexample.com/team/app, false",
    "*.example.com/**,                        registry.example.com/team/app, true",
    "*.example.com/**,                        example.com.evil.org/team/app, false",
    "127.0.0.1:5000/**,                       127.0.0.1:5000/a, true",
    "docker.io/hello,                         hello, true",
    "docker.io/library/*,                     index.docker.io/library/hello, true",
    "index.docker.io/team/*,                  team/hello, true"
  })
  void aPatternStandsForWholeNames(String pattern, String name, boolean matches) {
    assertThat(new ImagePattern(pattern).matches(image(name))).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "REGISTRY.example.com/team/app",
    "Registry.Example.Com/team/app",
    "registry.example.com:443/team/app",
    "registry.example.com:0443/team/app"
  })
  void anotherNameOfTheSameRegistryIsNoWayAround(String name) {
    assertThat(new ImagePattern("registry.example.com/**").matches(image(name))).isTrue();
  }

  @Test
  void namespacesAreChosenByTheirLabels() {
    WasmImagePolicy prod =
        policy(
            "namespaceSelector: {matchLabels: {env: prod}, matchExpressions: [{key: team, operator: In, values: [a, b]}, {key: sandbox, operator: DoesNotExist}]}");

    assertThat(concern(prod, Map.of("env", "prod", "team", "b"))).isTrue();
    assertThat(concern(prod, Map.of("env", "prod", "team", "c"))).isFalse();
    assertThat(concern(prod, Map.of("env", "test", "team", "b"))).isFalse();
    assertThat(concern(prod, Map.of("env", "prod", "team", "b", "sandbox", ""))).isFalse();
    assertThat(concern(prod, Map.of())).isFalse();
    assertThat(concern(policy("mode: Enforce"), Map.of())).isTrue();
    assertThat(concern(policy("namespaceSelector: {}"), Map.of("any", "one"))).isTrue();
  }

  @Test
  void exceptionsAreTakenOutOfTheImages() {
    assertThat(concern(policy("exceptImages: ['registry.example.com/**']"), Map.of())).isFalse();
    assertThat(
            concern(
                policy("images: ['registry.example.com/**'], exceptImages: ['**/other']"),
                Map.of()))
        .isTrue();
    assertThat(concern(policy("images: ['other.example.com/**']"), Map.of())).isFalse();
  }

  private static boolean concern(WasmImagePolicy policy, Map<String, String> labels) {
    return !Policies.of(List.of(policy), labels, IMAGE).isEmpty();
  }

  private static ImageReference image(String name) {
    return ImageReference.parse(name + "@sha256:" + "a".repeat(64));
  }

  private static WasmImagePolicy policy(String spec) {
    return Serialization.unmarshal(
        "metadata: {name: p}\nspec: {authorities: [{name: a, key: k}], " + spec + "}",
        WasmImagePolicy.class);
  }
}
