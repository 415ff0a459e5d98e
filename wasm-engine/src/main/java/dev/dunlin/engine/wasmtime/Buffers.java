package dev.dunlin.engine.wasmtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Native memory for calls, reused: a virtual thread has no lasting place of its own to keep a
 * buffer in, so threads find one by their number, and make one when all near it are taken.
 */
final class Buffers {
  private static final int SLOTS =
      Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 8 - 1) << 1;
  private static final int TRIES = 4;

  private final AtomicReferenceArray<Buffer> slots = new AtomicReferenceArray<>(SLOTS);

  /** Memory for one call at a time, of one thread at a time. */
  static final class Buffer {
    static final int DATA_BYTES = 64 << 10;
    static final int MESSAGE_BYTES = 4 << 10;
    private static final int OUT_BYTES = 64;

    /** For numbers and structures that a call answers. */
    final MemorySegment out;

    private final MemorySegment message;

    final MemorySegment data;

    private Buffer() {
      var all = Arena.ofAuto().allocate(OUT_BYTES + MESSAGE_BYTES + DATA_BYTES, Long.BYTES);
      out = all.asSlice(0, OUT_BYTES);
      message = all.asSlice(OUT_BYTES, MESSAGE_BYTES);
      data = all.asSlice(OUT_BYTES + MESSAGE_BYTES, DATA_BYTES);
    }

    /** Where a call puts what was expected and what was found. */
    MemorySegment message() {
      message.set(Blob.U32, 0, 0); // a call may have nothing to say
      return message;
    }

    /** What the last call that was given {@link #message} had to say. */
    String messageText() {
      return Blob.textAt(message);
    }
  }

  Buffer take() {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < TRIES; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (slots.getPlain(slot) != null) {
        var buffer = slots.getAndSet(slot, null);
        if (buffer != null) {
          return buffer;
        }
      }
    }
    return new Buffer();
  }

  /** Gives a buffer back, or lets the collector have it when there are enough. */
  void give(Buffer buffer) {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < TRIES; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, buffer)) {
        return;
      }
    }
  }
}
