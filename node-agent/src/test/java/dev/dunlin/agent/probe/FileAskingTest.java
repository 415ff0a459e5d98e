package dev.dunlin.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.FileProbe;
import dev.dunlin.api.v1alpha1.Probe;
import dev.dunlin.engine.Grants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAskingTest {
  @TempDir Path disk;

  @SuppressWarnings("NullAway.Init")
  private Path run;

  @SuppressWarnings("NullAway.Init")
  private Path secret;

  @SuppressWarnings("NullAway.Init")
  private FileAsking asking;

  @BeforeEach
  void twoVolumesAndAFileOfTheNode() throws IOException {
    run = Files.createDirectory(disk.resolve("run"));
    secret = Files.createDirectory(disk.resolve("secret"));
    Files.writeString(disk.resolve("of-the-node"), "x");
    asking =
        new FileAsking(
            List.of(
                new Grants.Directory(run, "/run", false),
                new Grants.Directory(secret, "/run/secret", true)));
  }

  @Test
  void aFileIsGoodWhileItIsThere() throws IOException {
    assertThat(ask("/run/ready")).isInstanceOf(ProbeResult.Bad.class);

    Files.writeString(run.resolve("ready"), "");
    assertThat(ask("/run/ready")).isEqualTo(ProbeResult.GOOD);
    Files.delete(run.resolve("ready"));

    assertThat(ask("/run/ready")).isEqualTo(new ProbeResult.Bad("/run/ready is not there"));
  }

  @Test
  void aFileInAFolderIsFound() throws IOException {
    Files.createDirectories(run.resolve("a/b"));
    assertThat(ask("/run/a/b/ready")).isInstanceOf(ProbeResult.Bad.class);

    Files.writeString(run.resolve("a/b/ready"), "");

    assertThat(ask("/run/a/b/ready")).isEqualTo(ProbeResult.GOOD);
  }

  @Test
  void aLinkIsNotFollowedWhereverItStands() throws IOException {
    Files.createSymbolicLink(run.resolve("ready"), disk.resolve("of-the-node"));
    Files.createSymbolicLink(run.resolve("up"), disk);

    assertThat(ask("/run/ready")).isInstanceOf(ProbeResult.Bad.class);
    assertThat(ask("/run/up/of-the-node")).isInstanceOf(ProbeResult.Bad.class);
  }

  @Test
  void aPathThatLeadsOutOfTheVolumeIsNotFollowed() {
    assertThat(ask("/run/../of-the-node")).isInstanceOf(ProbeResult.Bad.class);
    assertThat(ask("/run/..")).isInstanceOf(ProbeResult.Bad.class);
  }

  @Test
  void aPathThroughAFileIsBad() throws IOException {
    Files.writeString(run.resolve("file"), "");

    assertThat(ask("/run/file/ready")).isInstanceOf(ProbeResult.Bad.class);
  }

  @Test
  void whatTheGuestCannotWriteSaysNothingOfIt() throws IOException {
    Files.writeString(secret.resolve("key"), "");

    assertThat(ask("/run/secret/key")).isInstanceOf(ProbeResult.Bad.class);
    assertThat(ask("/elsewhere/ready")).isInstanceOf(ProbeResult.Bad.class);
    assertThat(ask("/runaway")).isInstanceOf(ProbeResult.Bad.class);
  }

  private ProbeResult ask(String path) {
    return asking.ask(new Probe(null, new FileProbe(path), 0, 10, 1, 1, 3, null));
  }
}
