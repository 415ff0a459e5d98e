package dev.dunlin.cli.image;

import dev.dunlin.agent.disk.PrivateFolder;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What this program keeps between runs: fetched modules, compiled code. May go at any time. */
public record CacheFolder(Path root) {

  /** {@code $DUNLIN_CACHE}, else {@code dunlin/cli} in {@code $XDG_CACHE_HOME} or ~/.cache. */
  public static CacheFolder of(Map<String, String> environment) {
    String own = environment.getOrDefault("DUNLIN_CACHE", "");
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    return new CacheFolder(
        !own.isEmpty()
            ? Path.of(own)
            : (shared.isEmpty()
                    ? Path.of(System.getProperty("user.home"), ".cache")
                    : Path.of(shared))
                .resolve("dunlin/cli"));
  }

  /** A folder in it that only this user can write to: compiled code is run as it is. */
  public Path folder(String name) {
    try {
      return PrivateFolder.create(root, name);
    } catch (IOException e) {
      throw new Failure(
          Exit.FAILED,
          "%s: expected a folder to keep things in, found: %s".formatted(root.resolve(name), e),
          e);
    }
  }
}
