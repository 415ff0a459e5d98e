package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Usage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The opened library with one engine of it, and the memory for calls.
 *
 * @param engine its handle
 */
record Native(Border border, long engine, Buffers buffers, Events events) {
  private static final byte[] NOTHING = new byte[0];

  /**
   * What a guest has written to a stream.
   *
   * @return empty when there is nothing now, null when nothing will come
   */
  byte @Nullable [] read(long task, int stream) {
    var buffer = buffers.take();
    try {
      return read(task, stream, buffer);
    } finally {
      buffers.give(buffer);
    }
  }

  byte @Nullable [] read(long task, int stream, Buffers.Buffer buffer) {
    long length = border.taskRead(task, stream, buffer.data, Buffers.Buffer.DATA_BYTES);
    if (length > 0) {
      byte[] bytes = new byte[(int) length];
      MemorySegment.copy(buffer.data, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
      return bytes;
    }
    return length == Dunlin.WOULD_BLOCK || length == 0 ? NOTHING : null;
  }

  /**
   * Gives a guest input.
   *
   * @return how much was taken; 0 when there is no room now, negative when nobody reads it
   */
  int write(long task, byte[] bytes, int offset, int length) {
    var buffer = buffers.take();
    try {
      int part = Math.min(length, Buffers.Buffer.DATA_BYTES);
      MemorySegment.copy(bytes, offset, buffer.data, ValueLayout.JAVA_BYTE, 0, part);
      long taken = border.taskWrite(task, Dunlin.INPUT, buffer.data, part);
      return taken == Dunlin.WOULD_BLOCK ? 0 : (int) taken;
    } finally {
      buffers.give(buffer);
    }
  }

  Usage usageOfTask(long task) {
    var buffer = buffers.take();
    try {
      return usage(border.taskUsage(task, buffer.out), buffer);
    } finally {
      buffers.give(buffer);
    }
  }

  Usage usageOfGuest(long guest) {
    var buffer = buffers.take();
    try {
      return usage(border.httpUsage(guest, buffer.out), buffer);
    } finally {
      buffers.give(buffer);
    }
  }

  private static Usage usage(int status, Buffers.Buffer buffer) {
    return status == Dunlin.OK
        ? new Usage(
            Duration.ofNanos(buffer.out.get(Blob.U64, 0)), buffer.out.get(Blob.U64, Long.BYTES))
        : new Usage(Duration.ZERO, 0);
  }
}
