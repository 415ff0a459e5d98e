package dev.dunlin.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  @TempDir Path temp;

  @SuppressWarnings("NullAway.Init")
  private Path root;

  @SuppressWarnings("NullAway.Init")
  private AtomicFolder folder;

  @BeforeEach
  void anEmptyFolder() throws IOException {
    root = Files.createDirectory(temp.resolve("volume"));
    folder = new AtomicFolder(root);
  }

  @Test
  void filesAreReadThroughOneLinkAsKubeletDoesIt() throws IOException {
    assertThat(folder.write(files("a", "1", "deep/b", "2"))).isTrue();

    assertThat(root.resolve("a")).hasContent("1");
    assertThat(root.resolve("deep/b")).hasContent("2");
    assertThat(Files.readSymbolicLink(root.resolve("a"))).isEqualTo(Path.of("..data/a"));
    assertThat(Files.readSymbolicLink(root.resolve("deep"))).isEqualTo(Path.of("..data/deep"));
  }

  @Test
  void aChangeAddsReplacesAndRemovesAndLeavesNothingBehind() throws IOException {
    folder.write(files("a", "1", "gone", "x", "deep/gone", "y"));

    assertThat(folder.write(files("a", "2", "new", "3"))).isTrue();

    assertThat(root.resolve("a")).hasContent("2");
    assertThat(root.resolve("new")).hasContent("3");
    try (Stream<Path> all = Files.list(root)) {
      assertThat(all.map(path -> String.valueOf(path.getFileName())))
          .hasSize(4)
          .contains("a", "new", "..data");
    }
  }

  @Test
  void whatIsTheSameIsNotWrittenAgain() throws IOException {
    folder.write(files("a", "1"));
    Path before = Files.readSymbolicLink(root.resolve("..data"));

    assertThat(folder.write(files("a", "1"))).isFalse();
    assertThat(Files.readSymbolicLink(root.resolve("..data"))).isEqualTo(before);
  }

  @Test
  void noFilesAtAllAreAStateLikeAnyOther() throws IOException {
    folder.write(files("a", "1"));

    assertThat(folder.write(Map.of())).isTrue();

    assertThat(root.resolve("a")).doesNotExist();
    assertThat(root.resolve("..data")).isEmptyDirectory();
  }

  @Test
  void whatAnAgentThatDiedLeftBehindIsTidiedUp() throws IOException {
    folder.write(files("a", "1"));
    Files.createDirectories(root.resolve("..data_half/written"));
    Files.createSymbolicLink(root.resolve("..data_tmp"), Path.of("..data_half"));
    Files.writeString(root.resolve("plain"), "of an older agent");

    folder.write(files("a", "2", "plain", "new"));

    assertThat(root.resolve("..data_half")).doesNotExist();
    assertThat(Files.isSymbolicLink(root.resolve("..data_tmp"))).isFalse();
    assertThat(root.resolve("plain")).hasContent("new");
  }

  @Test
  void whoeverLooksSeesAWholeOldOrAWholeNewSet() throws Exception {
    folder.write(files("a", "0", "b", "0"));
    var writing = new AtomicBoolean(true);
    var mixed = CompletableFuture.supplyAsync(() -> mixedSets(writing));

    for (int i = 1; i <= 500; i++) {
      String n = String.valueOf(i);
      folder.write(files("a", n, "b", n));
    }
    writing.set(false);

    assertThat(mixed.get()).isZero();
  }

  /** Reads the set behind ..data as a guest does that wants more than one file of it. */
  private int mixedSets(AtomicBoolean writing) {
    int mixed = 0;
    while (writing.get()) {
      try {
        Path set = root.resolve("..data").toRealPath();
        String a = Files.readString(set.resolve("a"));
        String b = Files.readString(set.resolve("b"));
        mixed += a.equals(b) ? 0 : 1;
        Files.readString(root.resolve("a")); // is there at every moment
      } catch (NoSuchFileException e) {
        // The set was replaced while it was read: the reader knows, and reads the new one.
        mixed += String.valueOf(e.getFile()).endsWith("volume/a") ? 1 : 0;
      } catch (IOException e) {
        mixed++;
      }
    }
    return mixed;
  }

  @Test
  void noPathLeadsOutOfTheFolderOrToWhatIsKeptForTheLink() {
    for (String path : new String[] {"../out", "a/../../out", "..data", "..data/a", ".", "/etc/x"})
      assertThatThrownBy(() -> folder.write(files(path, "x")))
          .as(path)
          .isInstanceOf(IOException.class);
    assertThat(temp.resolve("out")).doesNotExist();
  }

  private static Map<String, byte[]> files(String... pathsAndTexts) {
    var files = new TreeMap<String, byte[]>();
    for (int i = 0; i < pathsAndTexts.length; i += 2)
      files.put(pathsAndTexts[i], pathsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
    return files;
  }
}
