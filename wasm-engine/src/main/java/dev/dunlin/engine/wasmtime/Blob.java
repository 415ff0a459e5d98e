package dev.dunlin.engine.wasmtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Writes what dunlin.h calls a blob: numbers, texts and lists, little-endian, one after another.
 */
final class Blob {
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private MemorySegment segment;
  private int length;

  /**
   * @param segment where it is written, if there is room; else in memory of its own
   */
  Blob(MemorySegment segment) {
    this.segment = segment;
  }

  MemorySegment segment() {
    return segment;
  }

  int length() {
    return length;
  }

  Blob u32(int value) {
    reserve(Integer.BYTES);
    segment.set(U32, length, value);
    length += Integer.BYTES;
    return this;
  }

  Blob u64(long value) {
    reserve(Long.BYTES);
    segment.set(U64, length, value);
    length += Long.BYTES;
    return this;
  }

  Blob text(String value) {
    return text(value, StandardCharsets.UTF_8);
  }

  /** Bytes that HTTP shows as characters up to U+00FF. */
  Blob latin1(String value) {
    return text(value, StandardCharsets.ISO_8859_1);
  }

  private Blob text(String value, Charset charset) {
    byte[] bytes = value.getBytes(charset);
    return u32(bytes.length).raw(bytes);
  }

  /** Bytes without their length. */
  Blob raw(byte[] bytes) {
    reserve(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, length, bytes.length);
    length += bytes.length;
    return this;
  }

  private void reserve(int bytes) {
    long needed = (long) length + bytes;
    if (needed > segment.byteSize()) {
      var larger = Arena.ofAuto().allocate(Math.max(needed, 2 * segment.byteSize()));
      MemorySegment.copy(segment, 0, larger, 0, length);
      segment = larger;
    }
  }

  /** A text at the beginning of a segment. */
  static String textAt(MemorySegment segment) {
    int length = (int) Math.min(segment.get(U32, 0), segment.byteSize() - Integer.BYTES);
    byte[] bytes = segment.asSlice(Integer.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
