package dev.dunlin.guests;

import org.teavm.backend.wasm.wasi.IOVec;
import org.teavm.backend.wasm.wasi.SizeResult;
import org.teavm.backend.wasm.wasi.Wasi;
import org.teavm.interop.Address;

/** Standard input, as WASI gives it (preview 1, fd_read). TeaVM's System.in cannot be read. */
final class StandardInput {
  /** Fills the chunk as far as there is something now; 0 at the end. */
  static int read(byte[] chunk) {
    int[] vector = {Address.ofData(chunk).toInt(), chunk.length};
    int[] read = new int[1];
    IOVec vectors = Address.ofData(vector).toStructure();
    SizeResult result = Address.ofData(read).toStructure();
    int errno = Wasi.fdRead(0, vectors, 1, result);
    if (errno != 0) {
      throw new IllegalStateException("standard input cannot be read: errno " + errno);
    }
    return read[0];
  }

  private StandardInput() {}
}
