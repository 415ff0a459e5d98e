package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory in order, and again from any cookie. Keeps the last entry that it gave, since a
 * guest comes back for the one that did not fit its buffer.
 */
final class DirectoryReader {
  private final Path directory;
  private @Nullable DirectoryStream<Path> stream;
  private Iterator<Path> links = List.<Path>of().iterator();
  private @Nullable Iterator<Path> rest;
  private @Nullable Path last;
  private boolean lastComesAgain;
  private long position;

  DirectoryReader(Path directory) {
    this.directory = directory;
  }

  /** Goes to entry {@code cookie}; 0 reads the directory anew. */
  void seek(long cookie) throws IOException {
    if (cookie == position - 1 && last != null && !lastComesAgain && cookie != 0) {
      lastComesAgain = true;
      position = cookie;
      return;
    }
    if (cookie == 0 || cookie < position || rest == null) {
      restart();
    }
    skipTo(cookie);
  }

  private void skipTo(long cookie) throws IOException {
    boolean more = true;
    while (more && position < cookie) {
      more = next() != null;
    }
  }

  /** The next entry, or null at the end. */
  @Nullable Path next() throws IOException {
    if (lastComesAgain) {
      lastComesAgain = false;
      position++;
      return last;
    }
    Path entry = fetch();
    if (entry != null) {
      last = entry;
      position++;
    }
    return entry;
  }

  private @Nullable Path fetch() throws IOException {
    try {
      if (links.hasNext()) {
        return links.next();
      }
      return rest != null && rest.hasNext() ? rest.next() : null;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @SuppressWarnings("StreamResourceLeak") // closed by close()
  private void restart() throws IOException {
    close();
    last = null;
    lastComesAgain = false;
    position = 0;
    links = List.of(directory.resolve("."), directory.resolve("..")).iterator();
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
