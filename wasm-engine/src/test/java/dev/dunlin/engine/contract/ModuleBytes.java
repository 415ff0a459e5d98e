package dev.dunlin.engine.contract;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Writes modules that no assembler would (WebAssembly core specification, chapter 5). */
public final class ModuleBytes {
  private static final int TYPES = 1;
  private static final int FUNCTIONS = 3;
  private static final int EXPORTS = 7;
  private static final int CODE = 10;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public static ModuleBytes begin() {
    return new ModuleBytes().add(hex("0061736d01000000"));
  }

  /**
   * A command: all functions are {@code [] -> []}, the first is {@code _start}.
   *
   * @param bodies locals and instructions, without the final {@code end}
   */
  public static byte[] command(List<byte[]> bodies) {
    return begin()
        .section(TYPES, hex("01600000"))
        .section(FUNCTIONS, vector(IntStream.range(0, bodies.size()).mapToObj(i -> hex("00"))))
        .section(EXPORTS, hex("01065f73746172740000"))
        .section(CODE, vector(bodies.stream().map(ModuleBytes::body)))
        .toByteArray();
  }

  public ModuleBytes section(int id, byte[] content) {
    bytes.write(id);
    return number(content.length).add(content);
  }

  /** A section that says of itself that it has {@code size} bytes. */
  public ModuleBytes sectionThatClaims(int id, long size, byte[] content) {
    bytes.write(id);
    return number(size).add(content);
  }

  public ModuleBytes add(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  /** An unsigned LEB128 number. */
  public ModuleBytes number(long value) {
    long rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
    }
    bytes.write((int) rest);
    return this;
  }

  /** A signed LEB128 number. */
  public ModuleBytes signed(long value) {
    long rest = value;
    for (; rest < -0x40 || rest >= 0x40; rest >>= 7) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
    }
    bytes.write((int) (rest & 0x7f));
    return this;
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }

  public static ModuleBytes part() {
    return new ModuleBytes();
  }

  public static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] body(byte[] code) {
    return part().number(code.length + 1L).add(code).add(hex("0b")).toByteArray();
  }

  private static byte[] vector(java.util.stream.Stream<byte[]> items) {
    var all = items.toList();
    var vector = part().number(all.size());
    all.forEach(vector::add);
    return vector.toByteArray();
  }
}
