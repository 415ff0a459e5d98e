package dev.dunlin.engine.jvm.wasi;

/** Ends one call of the guest with an error code. */
final class WasiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  WasiException(Errno errno) {
    super(errno.name(), null, false, false);
    this.errno = errno;
  }

  Errno errno() {
    return errno;
  }
}
