package dev.dunlin.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSizeTest {
  @TempDir Path temp;

  @Test
  void filesCountInWholeBlocksAndFoldersAndLinksAsOne() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("volume"));
    Files.write(folder.resolve("one"), new byte[1]);
    Files.write(folder.resolve("block"), new byte[4096]);
    Files.write(Files.createDirectory(folder.resolve("deep")).resolve("more"), new byte[4097]);
    Files.createSymbolicLink(folder.resolve("link"), Path.of("deep"));
    Files.writeString(folder.resolve("empty"), "");

    assertThat(FolderSize.of(folder, Long.MAX_VALUE)).isEqualTo(4096 * (1 + 1 + 1 + 2 + 1));
  }

  @Test
  void linksThatLeadOutOrInCirclesAreNotFollowed() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("volume"));
    Files.write(temp.resolve("large"), new byte[1 << 20]);
    Files.createSymbolicLink(folder.resolve("out"), temp);
    Files.createSymbolicLink(folder.resolve("round"), Path.of("."));

    assertThat(FolderSize.of(folder, Long.MAX_VALUE)).isEqualTo(2 * 4096);
  }

  @Test
  void countingEndsOnceItIsTooMuch() throws IOException {
    for (int i = 0; i < 50; i++) Files.write(temp.resolve("f" + i), new byte[4096]);

    assertThat(FolderSize.of(temp, 10 * 4096)).isEqualTo(11 * 4096);
  }

  @Test
  void aFolderDeeperThanCanBeFollowedIsMoreThanAnyLimit() throws IOException {
    Path deepest = temp;
    for (int i = 0; i < 250; i++) deepest = Files.createDirectory(deepest.resolve("d"));

    assertThat(FolderSize.of(temp, 1L << 40)).isGreaterThan(1L << 40);
  }

  @Test
  void whatIsNotThereTakesNothing() throws IOException {
    assertThat(FolderSize.of(temp.resolve("nothing"), 1)).isZero();
  }
}
