package dev.dunlin.e2e.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.dunlin.e2e.cluster.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The chart of this source tree, or another one, through Helm's own code. */
public record Chart(Path folder) {
  public static final String RELEASE = "dunlin";
  public static final String NAMESPACE = "dunlin-system";

  private static final String KUBERNETES = "1.36.0";

  public static Chart ofThisTree() {
    return new Chart(Repository.root().resolve("helm/dunlin"));
  }

  LintResult lint() {
    return new Helm(folder).lint().strict().call();
  }

  /** What would be installed, as one text of YAML. */
  String template(List<Path> valuesFiles) {
    var command =
        new Helm(folder)
            .template()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeVersion(KUBERNETES);
    valuesFiles.forEach(command::withValuesFile);
    return command.call();
  }

  /** Installs it, and does not wait for its Pods. */
  public void install(Path kubeconfig, Map<String, String> values) {
    var command =
        new Helm(folder)
            .install()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeConfig(kubeconfig);
    values.forEach(command::set);
    command.call();
  }

  /**
   * Makes a release of another version, or with other values, one of this chart and {@code values}.
   */
  public void upgrade(Path kubeconfig, Map<String, String> values) {
    var command =
        new Helm(folder)
            .upgrade()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeConfig(kubeconfig);
    values.forEach(command::set);
    command.call();
  }

  public static void uninstall(Path kubeconfig) {
    Helm.uninstall(RELEASE).withNamespace(NAMESPACE).withKubeConfig(kubeconfig).call();
  }
}
