package dev.dunlin.cli.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sees when a project's files change; not what builds leave. */
public final class Sources implements AutoCloseable {
  private static final Set<String> NOT_SOURCES =
      Set.of("target", "node_modules", ".git", ".dunlin", "build-output", "__pycache__");
  private static final Set<String> MADE = Set.of("app.wasm", "Cargo.lock", "package-lock.json");

  /** Editors write a file in several steps. */
  private static final long QUIET_MILLIS = 150;

  private final WatchService watch;

  private Sources(WatchService watch) {
    this.watch = watch;
  }

  /** Looks at a folder and all below it. */
  public static Sources of(Path folder) {
    try {
      WatchService watch = folder.getFileSystem().newWatchService();
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes ignored)
                throws IOException {
              if (!each.equals(folder) && NOT_SOURCES.contains(each.getFileName().toString())) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              each.register(
                  watch,
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_MODIFY,
                  StandardWatchEventKinds.ENTRY_DELETE);
              return FileVisitResult.CONTINUE;
            }
          });
      return new Sources(watch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something has changed, and nothing changes any more. */
  public void awaitChange() throws InterruptedException {
    boolean changed = false;
    while (true) {
      @Nullable WatchKey key =
          changed ? watch.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : watch.take();
      if (key == null) {
        return;
      }
      for (WatchEvent<?> event : key.pollEvents()) {
        String name = String.valueOf(event.context());
        changed |= !NOT_SOURCES.contains(name) && !MADE.contains(name);
      }
      key.reset();
    }
  }

  @Override
  public void close() {
    try {
      watch.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
