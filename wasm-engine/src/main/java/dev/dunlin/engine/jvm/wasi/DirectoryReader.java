package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory in order, and again from any cookie. Keeps what the last read went through,
 * since a guest comes back for the entry that did not fit its buffer.
 */
final class DirectoryReader {
  private final Path directory;
  private final Deque<Path> recent = new ArrayDeque<>();
  private long recentStart;
  private @Nullable DirectoryStream<Path> stream;
  private @Nullable Iterator<Path> rest;

  DirectoryReader(Path directory) {
    this.directory = directory;
  }

  /** Goes to entry {@code cookie}; 0 reads the directory anew. */
  void seek(long cookie) throws IOException {
    if (cookie == 0 || rest == null || cookie < recentStart) {
      restart();
    }
    while (recentStart < cookie && advance()) {
      recent.removeFirst();
      recentStart++;
    }
  }

  /** The entry {@code index} places after the one sought, or null at the end. */
  @Nullable Path peek(int index) throws IOException {
    while (recent.size() <= index) {
      if (!fetch()) {
        return null;
      }
    }
    return recent.stream().skip(index).findFirst().orElse(null);
  }

  private boolean advance() throws IOException {
    return !recent.isEmpty() || fetch();
  }

  private boolean fetch() throws IOException {
    try {
      if (rest == null || !rest.hasNext()) {
        return false;
      }
      recent.addLast(rest.next());
      return true;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @SuppressWarnings("StreamResourceLeak") // closed by close()
  private void restart() throws IOException {
    close();
    recent.clear();
    recentStart = 0;
    recent.add(directory.resolve("."));
    recent.add(directory.resolve(".."));
    stream = Files.newDirectoryStream(directory);
    rest = stream.iterator();
  }

  void close() throws IOException {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }
}
