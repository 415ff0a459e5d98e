package dev.dunlin.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirLockTest {
  @TempDir private Path disk;

  @Test
  void aFolderInUseIsRefusedAndTheMessageSaysWhoHasIt() throws IOException {
    try (var first = DataDirLock.take(disk.resolve("new"))) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> DataDirLock.take(disk.resolve("new")))
          .isInstanceOf(DataDirInUseException.class)
          .hasMessageContainingAll(
              "--data-dir", String.valueOf(ProcessHandle.current().pid()), "new");
    }
  }

  @Test
  void aFolderThatWasGivenBackCanBeTakenAgain() throws IOException {
    DataDirLock.take(disk).close();

    try (var again = DataDirLock.take(disk)) {
      assertThat(again).isNotNull();
    }
  }
}
