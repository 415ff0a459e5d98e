package dev.dunlin.e2e.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A folder with etcd, kube-apiserver, kube-controller-manager and kubectl: {@code
 * KUBEBUILDER_ASSETS}, or where {@code e2e/kubernetes/build} puts them.
 */
public record KubernetesBinaries(Path folder) {
  private static final List<String> NAMES =
      List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");

  /** Where they are, if this machine has them all. */
  public static Optional<KubernetesBinaries> find() {
    return folders(System.getenv())
        .filter(KubernetesBinaries::complete)
        .findFirst()
        .map(KubernetesBinaries::new);
  }

  /** What to tell somebody who has none. */
  public static String whatIsMissing() {
    return "no %s in %s; run e2e/kubernetes/build (needs Go, about ten minutes once) or set KUBEBUILDER_ASSETS"
        .formatted(
            String.join(", ", NAMES),
            String.join(" or ", folders(System.getenv()).map(Path::toString).toList()));
  }

  static Stream<Path> folders(Map<String, String> environment) {
    String home = System.getProperty("user.home");
    String cache =
        environment.getOrDefault(
            "DUNLIN_CACHE",
            environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache") + "/dunlin");
    String assets = environment.getOrDefault("KUBEBUILDER_ASSETS", "");
    return Stream.concat(
        assets.isEmpty() ? Stream.empty() : Stream.of(Path.of(assets)),
        Stream.of(Path.of(cache, "kubernetes", version(), "bin")));
  }

  /** The version that the build script makes, e.g. v1.36.3. */
  public static String version() {
    var versions = new Properties();
    try (InputStream in = KubernetesBinaries.class.getResourceAsStream("versions.env")) {
      versions.load(Objects.requireNonNull(in, "versions.env is not on the class path"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(versions.getProperty("KUBERNETES"), "KUBERNETES in versions.env");
  }

  String path(String name) {
    return folder.resolve(name).toString();
  }

  private static boolean complete(Path folder) {
    return NAMES.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)));
  }
}
