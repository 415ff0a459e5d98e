package dev.dunlin.engine.jvm.wasi;

/** {@code filetype} of WASI preview 1, those that we answer with. */
enum FileType {
  UNKNOWN(0),
  DIRECTORY(3),
  REGULAR_FILE(4),
  SYMBOLIC_LINK(7);

  private final byte code;

  FileType(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }
}
