package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.jvm.memory.FlatMemory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** One call of a guest: its arguments, its memory, and the process that it belongs to. */
final class Call {
  private final GuestProcess process;
  private final FlatMemory memory;
  private final long[] args;

  Call(GuestProcess process, FlatMemory memory, long[] args) {
    this.process = process;
    this.memory = memory;
    this.args = args;
  }

  GuestProcess process() {
    return process;
  }

  FlatMemory memory() {
    return memory;
  }

  int i32(int index) {
    return (int) args[index];
  }

  long i64(int index) {
    return args[index];
  }

  DescriptorTable descriptors() {
    return process.descriptors();
  }

  /** The UTF-8 text whose pointer and length are the arguments {@code index} and the next. */
  String text(int index) {
    int pointer = i32(index);
    int length = i32(index + 1);
    memory.checkRange(pointer, length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(memory.array(), pointer, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw Errno.ILSEQ.failure();
    }
  }

  /** Stores a {@code size} result where the argument points to. */
  void store32(int index, int value) {
    memory.writeI32(i32(index), value);
  }

  void store64(int index, long value) {
    memory.writeLong(i32(index), value);
  }
}
