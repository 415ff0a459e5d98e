package dev.dunlin.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmAppSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConfigHashesTest {
  private static final String SPEC =
      """
      ---
      image: a
      env:
      - {name: COLOR, valueFrom: {configMapKeyRef: {name: web, key: color}}}
      - {name: SIZE, valueFrom: {configMapKeyRef: {name: web, key: size}}}
      - {name: PLAIN, value: x}
      envFrom:
      - {secretRef: {name: db}}
      """;

  private static List<ConfigRef> refs(String spec) {
    return ConfigRef.of(Serialization.unmarshal(spec, WasmAppSpec.class));
  }

  private static ConfigHashes of(Map<String, Content> contents, ConfigHashes running) {
    Function<ConfigRef, Content> lookUp =
        ref -> contents.getOrDefault(ref.id(), new Content.Absent());
    return ConfigHashes.of(refs(SPEC), lookUp, running).orElseThrow();
  }

  private static Content present(String... keysAndHashes) {
    var keys = new HashMap<String, String>();
    for (int i = 0; i < keysAndHashes.length; i += 2)
      keys.put(keysAndHashes[i], keysAndHashes[i + 1]);
    return new Content.Present(keys);
  }

  @Test
  void variablesReferToKeysOfOneObjectAndToAllOfAnother() {
    assertThat(refs(SPEC))
        .containsExactlyInAnyOrder(
            new ConfigRef(ConfigKind.CONFIG_MAP, "web", false, Set.of("color", "size")),
            new ConfigRef(ConfigKind.SECRET, "db", true, Set.of()));
  }

  @Test
  void filesAreNoVariables() {
    assertThat(refs("---\n{image: a, volumes: [{name: v, configMap: {name: web}}]}")).isEmpty();
  }

  @Test
  void aChangedKeyThatAVariableRefersToIsAnotherHash() {
    var red = of(Map.of("configmap/web", present("color", "1")), ConfigHashes.NONE);
    var blue = of(Map.of("configmap/web", present("color", "2")), ConfigHashes.NONE);

    assertThat(red).isNotEqualTo(blue);
  }

  @Test
  void aChangedKeyThatNoVariableRefersToIsTheSameHash() {
    var before = of(Map.of("configmap/web", present("color", "1")), ConfigHashes.NONE);
    var after =
        of(Map.of("configmap/web", present("color", "1", "page.html", "9")), ConfigHashes.NONE);

    assertThat(after).isEqualTo(before);
  }

  @Test
  void everyKeyCountsWhereAllAreVariables() {
    var before = of(Map.of("secret/db", present("user", "1")), ConfigHashes.NONE);
    var after = of(Map.of("secret/db", present("user", "1", "password", "2")), ConfigHashes.NONE);

    assertThat(after).isNotEqualTo(before);
  }

  @Test
  void whatIsDeletedStaysWhatItWas() {
    var running = of(Map.of("configmap/web", present("color", "1")), ConfigHashes.NONE);

    assertThat(of(Map.of(), running)).isEqualTo(running);
  }

  @Test
  void whatWasNeverThereIsNoHash() {
    assertThat(of(Map.of(), ConfigHashes.NONE).isEmpty()).isTrue();
  }

  @Test
  void whatIsNotReadYetIsWaitedForUnlessSomethingRuns() {
    var running =
        of(
            Map.of("configmap/web", present("color", "1"), "secret/db", present("a", "1")),
            ConfigHashes.NONE);

    assertThat(ConfigHashes.of(refs(SPEC), ref -> new Content.Unknown(), ConfigHashes.NONE))
        .isEmpty();
    assertThat(ConfigHashes.of(refs(SPEC), ref -> new Content.Unknown(), running))
        .isEqualTo(Optional.of(running));
  }

  @Test
  void anAnnotationKeepsItWhole() {
    var hashes =
        of(
            Map.of("configmap/web", present("color", "1"), "secret/db", present("a", "1")),
            ConfigHashes.NONE);

    assertThat(ConfigHashes.parse(List.of(hashes.text().split(",", -1)))).isEqualTo(hashes);
  }
}
