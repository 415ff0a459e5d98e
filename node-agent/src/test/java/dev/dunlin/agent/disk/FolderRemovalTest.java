package dev.dunlin.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderRemovalTest {
  @TempDir Path temp;

  @Test
  void aFolderDeeperThanAnyPathIsRemoved() throws Exception {
    var folder = Files.createDirectory(temp.resolve("volume"));
    Files.createDirectory(temp.resolve("inner"));
    for (int i = 0; i < 200; i++) {
      var outer = Files.createDirectory(temp.resolve("outer"));
      Files.move(temp.resolve("inner"), outer.resolve("a-name-that-is-not-short-at-all".repeat(2)));
      Files.writeString(outer.resolve("file"), "content");
      Files.move(outer, temp.resolve("inner"));
    }
    Files.move(temp.resolve("inner"), folder.resolve("deep"));

    FolderRemoval.delete(folder);

    assertThat(folder).doesNotExist();
  }

  @Test
  void linksAreRemovedAndNotFollowed() throws Exception {
    var outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("file"), "content");
    var folder = Files.createDirectory(temp.resolve("volume"));
    Files.createSymbolicLink(folder.resolve("link"), outside);
    Files.createSymbolicLink(Files.createDirectory(folder.resolve("sub")).resolve("link"), outside);

    FolderRemoval.delete(folder);

    assertThat(folder).doesNotExist();
    assertThat(outside.resolve("file")).exists();
  }

  @Test
  void whatIsNotThereIsRemovedAlready() throws Exception {
    FolderRemoval.delete(temp.resolve("nothing"));

    assertThat(temp).isEmptyDirectory();
  }
}
