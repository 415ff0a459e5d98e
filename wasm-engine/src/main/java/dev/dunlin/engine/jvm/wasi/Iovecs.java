package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.jvm.memory.FlatMemory;

/** A guest's list of buffers ({@code iovec}, {@code ciovec}), checked. */
final class Iovecs {
  /** As IOV_MAX of Linux. */
  private static final int MOST = 1024;

  private static final int BYTES = 8;

  private final int[] pointers;
  private final int[] lengths;

  private Iovecs(int[] pointers, int[] lengths) {
    this.pointers = pointers;
    this.lengths = lengths;
  }

  /** Those that are not empty, of the array at argument {@code index} and the next. */
  static Iovecs of(Call call, int index) {
    int count = call.i32(index + 1);
    if (count < 0 || count > MOST) {
      throw Errno.INVAL.failure();
    }
    FlatMemory memory = call.memory();
    var pointers = new int[count];
    var lengths = new int[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int pointer = memory.readInt(call.i32(index) + i * BYTES);
      int length = memory.readInt(call.i32(index) + i * BYTES + Integer.BYTES);
      memory.checkRange(pointer, length);
      if (length > 0) {
        pointers[kept] = pointer;
        lengths[kept++] = length;
      }
    }
    return new Iovecs(
        java.util.Arrays.copyOf(pointers, kept), java.util.Arrays.copyOf(lengths, kept));
  }

  int count() {
    return pointers.length;
  }

  int pointer(int i) {
    return pointers[i];
  }

  int length(int i) {
    return lengths[i];
  }

  /** The bytes of all buffers from the first on, at most {@code most}. */
  byte[] gather(FlatMemory memory, int most) {
    int total = 0;
    for (int length : lengths) {
      total += Math.min(length, most - total);
    }
    var gathered = new byte[total];
    int done = 0;
    for (int i = 0; i < pointers.length && done < total; i++) {
      int part = Math.min(lengths[i], total - done);
      System.arraycopy(memory.array(), pointers[i], gathered, done, part);
      done += part;
    }
    return gathered;
  }
}
