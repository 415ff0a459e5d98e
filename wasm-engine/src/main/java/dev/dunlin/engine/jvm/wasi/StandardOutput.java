package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.io.OutputStream;

/** Standard output or error. */
record StandardOutput(OutputStream out) implements Descriptor {
  @Override
  public long rights() {
    return Rights.FD_WRITE;
  }

  @Override
  public FileType fileType() {
    return FileType.UNKNOWN;
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}
