package dev.dunlin.engine.contract;

import static dev.dunlin.engine.contract.ModuleBytes.hex;
import static dev.dunlin.engine.contract.ModuleBytes.part;

import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Modules made to cost whoever loads them more than whoever writes them. */
public enum HostileModule {
  SIX_MILLION_EMPTY_FUNCTIONS(() -> times(hex("00"), 6_000_000)),
  BLOCKS_A_HUNDRED_THOUSAND_DEEP(() -> nested("0240")),
  LOOPS_A_HUNDRED_THOUSAND_DEEP(() -> nested("0340")),
  FIFTY_THOUSAND_LOCALS(() -> times(locals(50_000), 1)),
  TWO_HUNDRED_MILLION_LOCALS(() -> times(locals(40_000), 5_000)),
  FOUR_BILLION_LOCALS(() -> times(locals((1L << 32) - 1), 1)),
  A_MILLION_BRANCH_TARGETS(() -> times(branchTable(1_000_000), 1)),
  A_FUNCTION_OF_TEN_MILLION_INSTRUCTIONS(() -> times(straight(10_000_000), 1)),
  TWO_MILLION_GLOBALS(() -> before(6, part().number(2_000_000), "7f0041000b", 2_000_000)),
  TWO_MILLION_IMPORTS(() -> before(2, part().number(2_000_000), "016101620000", 2_000_000)),
  A_VECTOR_THAT_LIES(() -> before(1, part().number(4_000_000_000L), "600000", 1)),
  A_DATA_SEGMENT_THAT_LIES(
      () -> before(11, part().number(1).add(hex("0041000b")).number(2_000_000_000), "78", 1)),
  AN_ELEMENT_SEGMENT_THAT_LIES(
      () -> before(9, part().number(1).add(hex("0041000b")).number(2_000_000_000), "00", 1)),
  A_SECTION_THAT_LIES(
      () -> ModuleBytes.begin().sectionThatClaims(0, 2_000_000_000, hex("616263")).toByteArray()),
  A_BODY_THAT_LIES(() ->
      ModuleBytes.begin()
          .section(1, hex("01600000"))
          .section(3, hex("0100"))
          .section(10, part().number(1).number(2_000_000_000).add(hex("000b")).toByteArray())
          .toByteArray());

  @SuppressWarnings("ImmutableEnumChecker") // the suppliers keep nothing
  private final Supplier<byte[]> bytes;

  HostileModule(Supplier<byte[]> bytes) {
    this.bytes = bytes;
  }

  public byte[] bytes() {
    return bytes.get();
  }

  private static byte[] times(byte[] body, int functions) {
    return ModuleBytes.command(Collections.nCopies(functions, body));
  }

  private static byte[] nested(String begin) {
    return times(
        part()
            .add(hex("00"))
            .add(hex(begin.repeat(100_000)))
            .add(hex("0b".repeat(100_000)))
            .toByteArray(),
        1);
  }

  private static byte[] locals(long count) {
    return part().number(1).number(count).add(hex("7f")).toByteArray();
  }

  private static byte[] branchTable(int targets) {
    return part()
        .add(hex("00024041000e"))
        .number(targets)
        .add(new byte[targets + 1])
        .add(hex("0b"))
        .toByteArray();
  }

  private static byte[] straight(int instructions) {
    return part().add(hex("00")).add(hex("41011a".repeat(instructions / 2))).toByteArray();
  }

  /** A command with a section of that id before it, in which an item repeats. */
  private static byte[] before(int id, ModuleBytes start, String item, int repeats) {
    byte[] command = ModuleBytes.command(List.of(hex("00")));
    byte[] rest = java.util.Arrays.copyOfRange(command, 8, command.length);
    byte[] section = start.add(hex(item.repeat(repeats))).toByteArray();
    return ModuleBytes.begin().section(id, section).add(rest).toByteArray();
  }
}
