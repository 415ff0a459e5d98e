package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmAppSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class RevisionTest {
  private static String of(String yaml) {
    return Revision.of(Serialization.unmarshal("---\n" + yaml, WasmAppSpec.class));
  }

  @Test
  void staysTheSameAcrossOperatorVersions() {
    // Another value here would roll out every app of every cluster when the operator is updated.
    assertThat(of("{image: 'registry.example/a:1', nodeSelector: {b: '2', a: '1', c: '3'}}"))
        .isEqualTo("wfs47bqm9g");
  }

  @Test
  void isOfWhatInstancesSeeAndNotOfHowManyThereAre() {
    assertThat(of("{image: a, replicas: 7}")).isEqualTo(of("{image: a}"));
    assertThat(of("{image: b}")).isNotEqualTo(of("{image: a}"));
    assertThat(of("{image: a, args: [x]}")).isNotEqualTo(of("{image: a}"));
    assertThat(of("{image: a, http: {reuse: 2}}")).isNotEqualTo(of("{image: a}"));
    assertThat(of("{image: a, network: {allowedHosts: ['*']}}")).isNotEqualTo(of("{image: a}"));
  }

  @Test
  void defaultsSpelledOutChangeNothing() {
    assertThat(of("{image: a, http: {port: 80, reuse: 1}, terminationGracePeriodSeconds: 30}"))
        .isEqualTo(of("{image: a}"));
  }

  @Test
  void patienceOfAJobMakesNoNewJobButItsCompletionsDo() {
    String job = of("{image: a, job: {}}");

    assertThat(of("{image: a, job: {backoffLimit: 1, parallelism: 2, ttlSecondsAfterFinished: 3}}"))
        .isEqualTo(job);
    assertThat(of("{image: a, job: {completions: 2}}")).isNotEqualTo(job);
    assertThat(of("{image: a}")).isNotEqualTo(job);
  }

  @Test
  void whereAnAppIsReachedAndHowItIsScaledIsNoTemplate() {
    String app = of("{image: a}");

    assertThat(of("{image: a, http: {route: {ingressClassName: nginx}}}")).isEqualTo(app);
    assertThat(of("{image: a, autoscaling: {maxReplicas: 3, metrics: []}}")).isEqualTo(app);
  }

  @Test
  void anAppThatMayBeWithoutInstancesHasThemSayWhenTheyAreIdle() {
    String zero = "autoscaling: {minReplicas: 0, maxReplicas: 3, metrics: []}";

    assertThat(of("{image: a, %s}".formatted(zero)))
        .isEqualTo(of("{image: a, http: {idleAfterSeconds: 300}}"))
        .isNotEqualTo(of("{image: a}"));
    assertThat(of("{image: a, http: {idleAfterSeconds: 9}, %s}".formatted(zero)))
        .isEqualTo(of("{image: a, http: {idleAfterSeconds: 9}}"));
  }
}
