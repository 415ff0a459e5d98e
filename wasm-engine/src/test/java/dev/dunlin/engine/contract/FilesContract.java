package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Stdio;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Preopened directories, and that nothing outside them can be reached. */
@Timeout(60)
public abstract class FilesContract extends EngineContract {
  /** What a guest is told that writes where it may not. */
  private static final String READ_ONLY = "EPERM\n";

  private Path data;
  private Path config;
  private List<Grants.Directory> granted;

  @BeforeEach
  void makeDirectories() throws IOException {
    data = Files.createDirectories(temp.resolve("data"));
    config = Files.createDirectories(temp.resolve("config"));
    Files.writeString(temp.resolve("secret"), "secret");
    Files.writeString(config.resolve("app.conf"), "colour=blue");
    granted =
        List.of(
            new Grants.Directory(data, "/data", false),
            new Grants.Directory(config, "/etc/app", true));
  }

  private String told(String... command) throws InterruptedException {
    return tool(granted, command).out();
  }

  @Test
  void aGuestWorksWithItsFiles() throws Exception {
    assertThat(told("write", "/data/a", "one\n")).isEqualTo("ok\n");
    assertThat(told("append", "/data/a", "two\n")).isEqualTo("ok\n");
    assertThat(told("read", "/data/a")).isEqualTo("one\ntwo\n");
    assertThat(told("stat", "/data/a")).isEqualTo("file 8\n");
    assertThat(told("truncate", "/data/a", "3")).isEqualTo("ok\n");
    assertThat(told("mkdir", "/data/d")).isEqualTo("ok\n");
    assertThat(told("mv", "/data/a", "/data/d/b")).isEqualTo("ok\n");
    assertThat(told("read", "/data/d/b")).isEqualTo("one");
    assertThat(told("ls", "/data/d").lines()).containsExactlyInAnyOrder(".", "..", "b");
    assertThat(told("stat", "/data/d")).startsWith("directory ");
    assertThat(told("rmdir", "/data/d")).isEqualTo("ENOTEMPTY\n");
    assertThat(told("rm", "/data/d/b")).isEqualTo("ok\n");
    assertThat(told("rmdir", "/data/d")).isEqualTo("ok\n");
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void aLongDirectoryIsListedWhole() throws Exception {
    for (int i = 0; i < 1500; i++) {
      Files.createFile(data.resolve("file-with-a-long-name-" + i));
    }

    assertThat(told("ls", "/data").lines()).hasSize(1502).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNotThereIsToldSo() throws Exception {
    assertThat(told("read", "/data/none")).isEqualTo("ENOENT\n");
    assertThat(told("rm", "/data/none")).isEqualTo("ENOENT\n");
    assertThat(told("ls", "/data/none")).isEqualTo("ENOENT\n");
    assertThat(told("mkdir", "/data/none/deeper")).isEqualTo("ENOENT\n");
    Files.writeString(data.resolve("file"), "");
    assertThat(told("mkdir", "/data/file")).isEqualTo("EEXIST\n");
    assertThat(told("mkdir", "/data/file/below")).isEqualTo("ENOTDIR\n");
    assertThat(told("rmdir", "/data/file")).isEqualTo("ENOTDIR\n");
    assertThat(told("ls", "/data/file")).isEqualTo("ENOTDIR\n");
  }

  @Test
  void aReadOnlyDirectoryCanBeReadAndNothingElse() throws Exception {
    assertThat(told("read", "/etc/app/app.conf")).isEqualTo("colour=blue");
    assertThat(told("ls", "/etc/app").lines()).contains("app.conf");
    assertThat(told("write", "/etc/app/app.conf", "x")).isEqualTo(READ_ONLY);
    assertThat(told("append", "/etc/app/app.conf", "x")).isEqualTo(READ_ONLY);
    assertThat(told("write", "/etc/app/new", "x")).isEqualTo(READ_ONLY);
    assertThat(told("truncate", "/etc/app/app.conf", "0")).isEqualTo(READ_ONLY);
    assertThat(told("rm", "/etc/app/app.conf")).isEqualTo(READ_ONLY);
    assertThat(told("mkdir", "/etc/app/d")).isEqualTo(READ_ONLY);
    assertThat(told("mv", "/etc/app/app.conf", "/data/stolen")).isEqualTo(READ_ONLY);
    assertThat(told("mv", "/data", "/etc/app/d")).isNotEqualTo("ok\n");
    assertThat(told("ln", "/etc/app/app.conf", "/data/second-name")).isIn("EXDEV\n", READ_ONLY);
    assertThat(config.resolve("app.conf")).hasContent("colour=blue");
    assertThat(data).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/../secret",
        "/data/./../secret",
        "/data/d/../../secret",
        "/data/d/../../../../../../../../etc/passwd",
        "/data//../secret",
        "/data/..",
        "/etc/passwd",
        "/secret"
      })
  void noPathLeadsOut(String path) throws Exception {
    Files.createDirectories(data.resolve("d"));

    assertThat(told("read", path)).isIn("EPERM\n", "ENOENT\n", "ENOTCAPABLE\n", "EISDIR\n");
    assertThat(told("write", path, "broken")).isNotEqualTo("ok\n");
    assertThat(told("rm", path)).isNotEqualTo("ok\n");
    assertThat(told("mv", path, "/data/stolen")).isNotEqualTo("ok\n");
    assertThat(told("mkdir", path + "/x")).isNotEqualTo("ok\n");
    assertThat(told("stat", path)).doesNotStartWith("file");
    assertThat(temp.resolve("secret")).hasContent("secret");
    assertThat(temp.resolve("x")).doesNotExist();
  }

  @Test
  void noPathLeadsOutOfAnOpenedDirectory() throws Exception {
    Files.createDirectories(data.resolve("d"));
    Files.writeString(data.resolve("beside"), "");

    assertThat(told("openat", "/data/d", "../beside")).isIn("EPERM\n", "ENOTCAPABLE\n");
    assertThat(told("openat", "/data", "d/../beside")).isEqualTo("ok\n");
    assertThat(told("openat", "/data", temp.resolve("secret").toString()))
        .isIn("EPERM\n", "ENOENT\n", "ENOTCAPABLE\n");
  }

  @ParameterizedTest
  @CsvSource({"../secret", "/etc/passwd", "d/../../secret", "loop"})
  void noLinkLeadsOut(String target) throws Exception {
    Files.createDirectories(data.resolve("d"));
    Files.createSymbolicLink(data.resolve("loop"), Path.of("loop"));
    Files.deleteIfExists(data.resolve("out"));
    Files.createSymbolicLink(data.resolve("out"), Path.of(target));
    Files.createSymbolicLink(data.resolve("updir"), Path.of(".."));

    assertThat(told("read", "/data/out")).isIn("EPERM\n", "ELOOP\n", "ENOTCAPABLE\n");
    assertThat(told("write", "/data/out", "broken")).isNotEqualTo("ok\n");
    assertThat(told("append", "/data/out", "broken")).isNotEqualTo("ok\n");
    assertThat(told("truncate", "/data/out", "0")).isNotEqualTo("ok\n");
    assertThat(told("stat", "/data/out")).doesNotStartWith("file");
    told("ln", "/data/out", "/data/second"); // a second name of the link is as good as the first
    assertThat(told("read", "/data/second"))
        .isIn("EPERM\n", "ELOOP\n", "ENOTCAPABLE\n", "ENOENT\n");
    assertThat(told("read", "/data/updir/secret")).isIn("EPERM\n", "ENOTCAPABLE\n");
    assertThat(told("mv", "/data/updir/secret", "/data/stolen")).isNotEqualTo("ok\n");
    assertThat(told("rm", "/data/updir/secret")).isNotEqualTo("ok\n");
    assertThat(temp.resolve("secret")).hasContent("secret");
  }

  @Test
  void aLinkThatStaysInsideIsFollowed() throws Exception {
    Files.createDirectories(config.resolve("..2026"));
    Files.writeString(config.resolve("..2026/key"), "value");
    Files.createSymbolicLink(config.resolve("..data"), Path.of("..2026"));
    Files.createSymbolicLink(config.resolve("key"), Path.of("..data/key"));

    assertThat(told("read", "/etc/app/key")).isEqualTo("value");
    assertThat(told("readlink", "/etc/app/key")).isEqualTo("..data/key\n");
    assertThat(told("rm", "/etc/app/key")).isEqualTo(READ_ONLY);
  }

  @Test
  void aGuestMakesLinksAndFollowsThem() throws Exception {
    Files.createDirectories(data.resolve("d"));
    Files.writeString(data.resolve("d/file"), "text");

    assertThat(told("symlink", "d/file", "/data/link")).isEqualTo("ok\n");
    assertThat(told("symlink", "../link", "/data/d/back")).isEqualTo("ok\n");
    assertThat(told("symlink", "nowhere", "/data/dangling")).isEqualTo("ok\n");

    assertThat(told("read", "/data/d/back")).isEqualTo("text");
    assertThat(told("readlink", "/data/d/back")).isEqualTo("../link\n");
    assertThat(told("read", "/data/dangling")).isEqualTo("ENOENT\n");
    assertThat(told("symlink", "d/file", "/data/link")).isEqualTo("EEXIST\n");
    assertThat(told("symlink", "/etc/passwd", "/data/absolute")).isIn("EPERM\n", "ENOTCAPABLE\n");
    assertThat(told("symlink", "app.conf", "/etc/app/link")).isEqualTo(READ_ONLY);
    assertThat(told("rm", "/data/link")).isEqualTo("ok\n");
    assertThat(data.resolve("d/file")).hasContent("text");
  }

  /** Somebody puts a link that leads out in a directory's place, and back, all the time. */
  @Test
  void noDirectoryThatIsExchangedLeadsOut() throws Exception {
    Files.createDirectories(data.resolve("d"));
    Files.writeString(data.resolve("d/secret"), "harmless");
    Files.createSymbolicLink(data.resolve("out"), Path.of(".."));
    var stop = new AtomicBoolean();
    var exchanger = Thread.ofPlatform().start(() -> exchange(stop));
    var read = new HashSet<String>();
    try {
      for (int i = 0; i < 200; i++) {
        read.add(told("read", "/data/d/secret"));
        told("write", "/data/d/broken", "broken");
      }
    } finally {
      stop.set(true);
      exchanger.join();
    }

    assertThat(read).doesNotContain("secret");
    assertThat(told("read", "/data/d/secret")).isEqualTo("harmless");
    assertThat(temp.resolve("broken")).doesNotExist();
  }

  private void exchange(AtomicBoolean stop) {
    try {
      while (!stop.get()) {
        Files.move(data.resolve("d"), data.resolve("kept"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(data.resolve("out"), data.resolve("d"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(data.resolve("d"), data.resolve("out"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(data.resolve("kept"), data.resolve("d"), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aGuestCannotMakeALinkThatLeadsOut() throws Exception {
    told("symlink", "../secret", "/data/out");

    assertThat(told("read", "/data/out")).isIn("ENOENT\n", "EPERM\n", "ENOTCAPABLE\n");
  }

  @Test
  void whatIsNoFileIsNotOpened() throws Exception {
    var made = new ProcessBuilder("mkfifo", data.resolve("pipe").toString()).start();
    assertThat(made.waitFor()).isZero();

    assertThat(told("read", "/data/pipe")).isEqualTo("EACCES\n");
  }

  @Test
  void openFilesAreLimitedAndCloseWithTheRun() throws Exception {
    Files.writeString(data.resolve("f"), "");
    var out = new ByteArrayOutputStream();
    try (var module = load("tool")) {
      for (int i = 0; i < 20; i++) {
        out.reset();
        module.run(
            new Grants(arguments("open-many", "/data/f", "1000"), Map.of(), granted),
            Limits.defaults().withOpenFiles(100),
            new Stdio(InputStream.nullInputStream(), out, out));
      }
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("95 EMFILE\n");
    assertThat(openFiles("/data/f")).isZero();
  }

  private long openFiles(String suffix) throws IOException {
    var descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    try (var links = Files.list(descriptors)) {
      return links.filter(link -> pointsTo(link, suffix)).count();
    }
  }

  private static boolean pointsTo(Path link, String suffix) {
    try {
      return Files.readSymbolicLink(link).toString().endsWith(suffix);
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }
}
