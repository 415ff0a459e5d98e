package dev.dunlin.engine.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.contract.ModuleBytes;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Endive's own validation lets through, and what it could only fail midway. */
class ValidityTest {
  private static final String COMMAND_TYPE = "01600000";
  private static final String START = "01065f73746172740000";
  @TempDir Path cache;

  @ParameterizedTest
  @CsvSource({
    "two exports of one name, 02065f73746172740000065f73746172740000, two exports are named",
    "an export of nothing, 02065f7374617274000001610005, unknown function 5",
    "an export of no memory, 02065f7374617274000001610200, unknown memory 0"
  })
  void anExportThatCannotBeIsInvalid(String what, String exports, String told) {
    var refusal = refusal(command(COMMAND_TYPE, exports, "000b"));

    assertThat(refusal.reason()).as(what).isEqualTo(Reason.INVALID);
    assertThat(refusal).hasMessageContaining(told);
  }

  @ParameterizedTest
  @CsvSource({
    "a vector as parameter, 0260000060017b00, 000b",
    "a vector as local, 01600000, 01017b0b",
    "a vector on the stack, 01600000, 004100fd0f1a0b"
  })
  void vectorsAreRefusedWhereverTheyAre(String what, String types, String body) {
    var refusal = refusal(command(types, START, body));

    assertThat(refusal.reason()).as(what).isEqualTo(Reason.UNSUPPORTED_FEATURE);
    assertThat(refusal).hasMessageContaining("SIMD");
  }

  @ParameterizedTest
  @CsvSource({"memory, 5, 010401", "table, 4, 01700401", "import, 2, 010161016d020401"})
  void sixtyFourBitsAreRefused(String what, int section, String content) {
    var module = ModuleBytes.begin().section(section, ModuleBytes.hex(content)).toByteArray();

    var refusal = refusal(module);

    assertThat(refusal.reason()).as(what).isEqualTo(Reason.UNSUPPORTED_FEATURE);
    assertThat(refusal).hasMessageContaining("64 bits");
  }

  private static byte[] command(String types, String exports, String body) {
    var code = ModuleBytes.hex(body);
    return ModuleBytes.begin()
        .section(1, ModuleBytes.hex(types))
        .section(3, ModuleBytes.hex("0100"))
        .section(7, ModuleBytes.hex(exports))
        .section(10, ModuleBytes.part().number(1).number(code.length).add(code).toByteArray())
        .toByteArray();
  }

  private ModuleRefusedException refusal(byte[] wasm) {
    try (var engine = JvmEngine.open(cache)) {
      return catchThrowableOfType(ModuleRefusedException.class, () -> engine.load(wasm));
    }
  }
}
