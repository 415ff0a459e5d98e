package dev.dunlin.e2e.house;

import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;

/**
 * Whom a house's operator reads agents' numbers as: the YAML of docs/autoscaling.md, under names of
 * that house.
 */
public final class MetricsReader {
  private MetricsReader() {}

  public static void moveIn(House house, Kubectl kubectl) throws IOException {
    kubectl.inNamespace(house.systemNamespace()).apply(yaml(house));
  }

  /** Takes the rights away again. */
  public static void moveOut(House house, Kubectl kubectl) {
    kubectl.run("delete", "clusterrolebinding,clusterrole", role(house));
  }

  private static String yaml(House house) throws IOException {
    String page = Files.readString(Repository.root().resolve("docs/autoscaling.md"));
    return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(match -> match.group(1))
        .filter(text -> text.contains("kind: ServiceAccount\n"))
        .findFirst()
        .orElseThrow()
        .replace("metadata: {name: dunlin-metrics-reader}", "metadata: {name: " + role(house) + "}")
        .replace(
            "kind: ClusterRole, name: dunlin-metrics-reader",
            "kind: ClusterRole, name: " + role(house))
        .replace("dunlin-system", house.systemNamespace());
  }

  private static String role(House house) {
    return "metrics-reader-" + house.systemNamespace();
  }
}
