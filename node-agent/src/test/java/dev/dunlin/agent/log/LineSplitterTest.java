package dev.dunlin.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private final List<String> lines = new ArrayList<>();
  private final List<String> pieces = new ArrayList<>();
  private int closed;

  private LineSplitter splitter(int maxBytes) {
    return new LineSplitter(maxBytes, this::add, () -> closed++);
  }

  private void add(String text, boolean whole) {
    lines.add(text);
    if (!whole) {
      pieces.add(text);
    }
  }

  @Test
  void cutsAtLineEndsWhereverTheWritesWereCut() {
    var splitter = splitter(100);

    write(splitter, "one\ntw");
    write(splitter, "o\r\n\nthree");

    assertThat(lines).containsExactly("one", "two", "");
  }

  @Test
  void closingPassesOnALineWithoutEnd() {
    var splitter = splitter(100);
    write(splitter, "no end");

    splitter.close();
    splitter.close();

    assertThat(lines).containsExactly("no end");
    assertThat(closed).isEqualTo(1);
  }

  @Test
  void aLongLineIsPassedOnInPieces() {
    var splitter = splitter(10);

    write(splitter, "0123456789abcdefghij+\n");

    assertThat(lines).containsExactly("0123456789", "abcdefghij", "+");
    assertThat(pieces).containsExactly("0123456789", "abcdefghij");
  }

  @Test
  void aPieceNeverBreaksACharacter() {
    for (String character : List.of("é", "€", "😀")) {
      for (int before = 0; before < 10; before++) {
        lines.clear();
        var splitter = splitter(10);

        write(splitter, "x".repeat(before) + character.repeat(6) + "\n");

        assertThat(String.join("", lines)).isEqualTo("x".repeat(before) + character.repeat(6));
        assertThat(lines).noneMatch(line -> line.contains("\uFFFD"));
      }
    }
  }

  @Test
  void bytesThatAreNoTextBecomeReplacementCharactersAndEndNothing() {
    var splitter = splitter(8);

    splitter.write(new byte[] {(byte) 0xff, (byte) 0xfe, 'a', (byte) 0xe2, '\n', 'b', '\n'}, 0, 7);
    splitter.write("\u0080".repeat(20).getBytes(StandardCharsets.ISO_8859_1), 0, 20);
    splitter.close();

    assertThat(lines.subList(0, 2)).containsExactly("\uFFFD\uFFFDa\uFFFD", "b");
    assertThat(String.join("", lines.subList(2, lines.size()))).isEqualTo("\uFFFD".repeat(20));
  }

  private static void write(LineSplitter splitter, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    splitter.write(bytes, 0, bytes.length);
  }
}
