package dev.dunlin.cli.image;

import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.oci.RegistryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say how registries are reached: those of the agents. */
public final class Registries {
  @Option(
      names = "--plain-http-registry",
      paramLabel = "HOST:PORT",
      description = "A registry without TLS; repeatable.")
  private List<String> plainHttp = new ArrayList<>();

  @Option(
      names = "--registry-ca",
      paramLabel = "FILE",
      description = "PEM certificates to trust besides the system's.")
  private @Nullable Path ca;

  /** Does {@code work} with a client; a registry's refusal becomes a failure. */
  public <T> T with(Function<RegistryClient, T> work) {
    RegistryConfig config = RegistryConfig.defaults().withCaBundle(ca);
    for (String registry : plainHttp) {
      config = config.withPlainHttp(registry);
    }
    try (var client = new RegistryClient(config)) {
      return work.apply(client);
    } catch (RegistryException e) {
      throw failure(e);
    } catch (IllegalArgumentException e) {
      throw new Failure(Exit.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static Failure failure(RegistryException e) {
    return switch (e.kind()) {
      case UNAUTHORIZED ->
          new Failure(
              Exit.UNREACHABLE,
              e.getMessage()
                  + ". Log in first (docker login): credentials come from docker's config.json.",
              e);
      case UNAVAILABLE -> new Failure(Exit.UNREACHABLE, String.valueOf(e.getMessage()), e);
      case NOT_FOUND, INVALID, DIGEST_MISMATCH, TOO_LARGE ->
          new Failure(Exit.FAILED, String.valueOf(e.getMessage()), e);
    };
  }
}
