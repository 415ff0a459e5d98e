package dev.dunlin.cli.wasm;

import dev.dunlin.cli.terminal.Failure;
import java.nio.charset.StandardCharsets;

/** Reads a binary from its front (WebAssembly core specification, chapter 5). */
final class Bytes {
  private final byte[] wasm;
  private final int end;
  private int at;

  Bytes(byte[] wasm, int from, int end) {
    this.wasm = wasm;
    this.at = from;
    this.end = end;
  }

  boolean hasMore() {
    return at < end;
  }

  int position() {
    return at;
  }

  int one() {
    if (at >= end) {
      throw new Failure(
          "module, byte %d: expected more of the binary, found its end".formatted(at));
    }
    return wasm[at++] & 0xff;
  }

  /** LEB128, unsigned; of signed ones the bytes are the same. */
  int number() {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = one();
      value |= (long) (b & 0x7f) << shift;
      if ((b & 0x80) == 0) {
        return (int) value;
      }
    }
    throw new Failure("module, byte %d: expected a number of 5 bytes at most".formatted(at));
  }

  String name() {
    int length = number();
    skip(length);
    return new String(wasm, at - length, length, StandardCharsets.UTF_8);
  }

  void skip(int length) {
    if (length < 0 || length > end - at) {
      throw new Failure(
          "module, byte %d: expected %d bytes more, found %d"
              .formatted(at, Integer.toUnsignedLong(length), end - at));
    }
    at += length;
  }

  /** The next so many bytes, to be read on their own. */
  Bytes part(int length) {
    int from = at;
    skip(length);
    return new Bytes(wasm, from, at);
  }
}
