package dev.dunlin.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The source tree that this program was built from: its CRDs, charts and examples. */
public final class Repository {
  private Repository() {}

  /** The folder that holds the whole house. */
  public static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("helm").resolve("dunlin"))) return folder;
    }
    throw new IllegalStateException("not inside Dunlin's source tree: " + start);
  }

  /** The first block of code after a heading of a page. */
  public static String codeAfter(String page, String heading) {
    try {
      String text = Files.readString(root().resolve(page));
      int place = text.indexOf(heading + "\n");
      if (place < 0) throw new IllegalStateException(page + " has no heading " + heading);
      String[] parts = text.substring(place).split("\n```.*\n", 3);
      if (parts.length < 3) throw new IllegalStateException(page + " has no code after " + heading);
      return parts[1];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CRDs' files. */
  public static List<Path> crdFiles() {
    try (Stream<Path> files = Files.list(root().resolve("helm/dunlin/files/crds"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Installs the CRDs and waits until the API server serves them. */
  public static void installCrds(KubernetesClient client) {
    List<HasMetadata> crds =
        crdFiles().stream().flatMap(file -> client.load(open(file)).items().stream()).toList();
    crds.forEach(crd -> client.resource(crd).forceConflicts().serverSideApply());
    for (HasMetadata crd : crds) {
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(crd.getMetadata().getName())
          .waitUntilCondition(Repository::established, 30, TimeUnit.SECONDS);
    }
  }

  private static boolean established(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
