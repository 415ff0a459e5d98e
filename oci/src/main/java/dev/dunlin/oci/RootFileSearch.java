package dev.dunlin.oci;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Follows one path through the layers of a root file system (image-spec, layer.md: change sets and
 * whiteouts). Nothing but that file is ever written, and no link is followed.
 */
final class RootFileSearch {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** Takes the content of the path each time a layer holds it; the last one counts. */
  interface Sink {
    void replace(TarReader content, long sizeBytes) throws IOException;
  }

  private final String path;
  private final Sink sink;
  private @Nullable String missing;

  RootFileSearch(String path, Sink sink) {
    this.path = path;
    this.sink = sink;
    this.missing = "found nothing there in any layer";
  }

  /**
   * Applies one layer over those before.
   *
   * @throws IllegalArgumentException for an entry whose path leads out of the image
   */
  void apply(TarReader layer) throws IOException {
    boolean hidden = false;
    boolean here = false;
    String instead = null;
    for (TarReader.Entry entry = layer.next(); entry != null; entry = layer.next()) {
      Backoff.requireNotInterrupted();
      String at = RootPath.of(entry.path());
      String name = at.substring(at.lastIndexOf('/') + 1);
      String folder = at.substring(0, Math.max(0, at.length() - name.length() - 1));
      if (name.equals(OPAQUE)) {
        hidden |= !path.equals(folder) && RootPath.isWithin(path, folder);
      } else if (name.startsWith(WHITEOUT)) {
        String gone = RootPath.of(folder + "/" + name.substring(WHITEOUT.length()));
        hidden |= RootPath.isWithin(path, gone);
      } else if (at.equals(path) && entry.type() == TarReader.Type.FILE) {
        sink.replace(layer, entry.sizeBytes());
        here = true;
        instead = null;
      } else if (at.equals(path) || (replacesFolder(entry) && RootPath.isWithin(path, at))) {
        here = false;
        instead = describe(at, entry);
      }
    }
    if (here) {
      missing = null;
    } else if (instead != null) {
      missing = instead;
    } else if (hidden) {
      missing = "found it removed by a later layer";
    }
  }

  /** Why the path is no file, or null when it is one. */
  @Nullable String missing() {
    return missing;
  }

  private static boolean replacesFolder(TarReader.Entry entry) {
    return entry.type() != TarReader.Type.DIRECTORY;
  }

  private static String describe(String at, TarReader.Entry entry) {
    return switch (entry.type()) {
      case LINK ->
          "found '%s' to be a link to '%s'; links are not followed".formatted(at, entry.link());
      case DIRECTORY -> "found a folder";
      case FILE -> "found '%s' to be a file".formatted(at);
      case OTHER -> "found '%s' to be neither file nor folder".formatted(at);
    };
  }
}
