package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.Limits;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlobTest {
  private static byte[] bytes(Blob blob) {
    return blob.segment().asSlice(0, blob.length()).toArray(ValueLayout.JAVA_BYTE);
  }

  private static Blob blob(int room) {
    return new Blob(Arena.ofAuto().allocate(room));
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void numbersAreLittleEndianAndTextsHaveTheirLength() {
    assertThat(bytes(blob(64).u32(0x01020304).u64(5).text("é").latin1("é")))
        .isEqualTo(hex("04030201 0500000000000000 02000000c3a9 01000000e9"));
  }

  @Test
  void whatHasNoRoomMovesAndStaysWhole() {
    var blob = blob(6).text("ab").text("a long text, longer than twice the room").u32(7);

    assertThat(bytes(blob)).hasSize(6 + 4 + 39 + 4).startsWith(hex("02000000 6162 27000000"));
  }

  @Test
  void grantsAndLimitsComeInTheOrderOfTheHeader() {
    var grants =
        new Grants(
            List.of("a"),
            Map.of("K", "V"),
            List.of(new Grants.Directory(Path.of("/h"), "/g", true)),
            List.of("*"));
    var limits =
        Limits.defaults()
            .withMemoryBytes(9)
            .withDeadline(Duration.ofNanos(3))
            .withCpuTime(Duration.ZERO);

    assertThat(bytes(Spec.write(blob(256), grants, limits)))
        .isEqualTo(
            hex(
                "01000000 01000000 61"
                    + "01000000 01000000 4b 01000000 56"
                    + "01000000 02000000 2f68 02000000 2f67 01000000"
                    + "01000000 01000000 2a"
                    + "0900000000000000 0300000000000000 0100000000000000 00010000 e8030000"));
  }

  @Test
  void noLimitIsZeroAndTheLongestFits() {
    assertThat(Spec.nanos(java.util.Optional.empty())).isZero();
    assertThat(Spec.nanos(java.util.Optional.of(Duration.ofSeconds(Long.MAX_VALUE))))
        .isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"'', /p", "a=1, /p?a=1"})
  void aRequestComesInTheOrderOfTheHeader(String query, String target) {
    var request =
        new HttpRequest(
            "GET",
            "http",
            "h",
            "/p",
            query,
            List.of(new HttpHeader("x", "ÿ")),
            InputStream.nullInputStream(),
            "192.0.2.1");

    assertThat(bytes(RequestBlob.write(blob(256).segment(), request, -1)))
        .isEqualTo(
            bytes(
                blob(256)
                    .text("GET")
                    .text("http")
                    .text("h")
                    .text(target)
                    .u32(1)
                    .text("x")
                    .u32(1)
                    .raw(hex("ff"))
                    .u32(1)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "12, 12", "'', -1", "-1, -1", "1x, -1", "99999999999999999999, -1"})
  void aBodysLengthIsANumberOrUnknown(String value, long bytes) {
    var request =
        new HttpRequest(
            "POST",
            "http",
            "h",
            "/",
            "",
            List.of(new HttpHeader("content-length", value)),
            InputStream.nullInputStream(),
            "192.0.2.1");

    assertThat(RequestBlob.bodyBytes(request)).isEqualTo(bytes);
  }

  @Test
  void aResponseHeadIsReadBack() {
    var blob = blob(64).u32(204).u32(2).text("a").latin1("ÿ").text("b").text("");

    assertThat(ResponseHead.read(bytes(blob)))
        .isEqualTo(
            new ResponseHead(204, List.of(new HttpHeader("a", "ÿ"), new HttpHeader("b", ""))));
  }
}
