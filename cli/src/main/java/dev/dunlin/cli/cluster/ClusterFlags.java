package dev.dunlin.cli.cluster;

import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of kubectl that say which cluster is meant, and as whom. */
public final class ClusterFlags {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "As kubectl's: which clusters there are (default: $KUBECONFIG, ~/.kube/config).")
  private @Nullable Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "As kubectl's.")
  private @Nullable String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "As kubectl's.")
  private @Nullable String namespace;

  /** What is done in a cluster. */
  @FunctionalInterface
  public interface Work {
    int in(Cluster cluster) throws Exception;
  }

  /** Does {@code work} there; what the API server refuses becomes a failure. */
  public int with(Work work) throws Exception {
    Config config = config();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      return work.in(
          new Cluster(client, Objects.requireNonNullElse(config.getNamespace(), "default")));
    } catch (KubernetesClientException e) {
      throw failure(config, e);
    }
  }

  private Config config() {
    Config config = read();
    if (namespace != null) {
      config.setNamespace(namespace);
    }
    // Whoever waits at a screen would rather know than wait.
    config.setRequestRetryBackoffLimit(1);
    return config;
  }

  private Config read() {
    if (kubeconfig == null) {
      Config config = Config.autoConfigure(context);
      requireContext(config);
      return config;
    }
    if (!Files.isRegularFile(kubeconfig)) {
      throw Failure.usage("--kubeconfig %s: expected a file, found none".formatted(kubeconfig));
    }
    Config config = Config.fromKubeconfig(context, kubeconfig.toFile());
    requireContext(config);
    return config;
  }

  private void requireContext(Config config) {
    if (context != null
        && config.getContexts().stream().noneMatch(it -> context.equals(it.getName()))) {
      throw Failure.usage(
          "--context %s: expected one of %s"
              .formatted(context, config.getContexts().stream().map(it -> it.getName()).toList()));
    }
  }

  private static Failure failure(Config config, KubernetesClientException e) {
    String message = message(e);
    return switch (e.getCode()) {
      case 0, -1 ->
          new Failure(
              Exit.UNREACHABLE,
              "%s: expected an API server, found: %s".formatted(config.getMasterUrl(), message),
              e);
      case 401, 403 ->
          new Failure(Exit.UNREACHABLE, "%s: %s".formatted(config.getMasterUrl(), message), e);
      default -> new Failure(Exit.FAILED, message, e);
    };
  }

  private static String message(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
  }
}
