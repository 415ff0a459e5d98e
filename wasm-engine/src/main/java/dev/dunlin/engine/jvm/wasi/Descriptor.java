package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;

/** What an open descriptor refers to. */
sealed interface Descriptor permits StandardInput, StandardOutput, OpenFile, OpenDirectory {
  /** What the guest may do with it ({@link Rights}). */
  long rights();

  /** What the guest may do with descriptors opened through it. */
  default long inheritingRights() {
    return 0;
  }

  /** As stored in {@code fdstat}. */
  FileType fileType();

  /** {@code fdflags}. */
  default int flags() {
    return 0;
  }

  void close() throws IOException;
}
