package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another program wrote is read, in each of the formats that it knows. */
class TarReaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"ustar", "gnu", "oldgnu", "pax", "posix", "v7"})
  void archivesOfTarAreRead(String format) throws Exception {
    assumeTrue(isInstalled("tar"), "no tar on the PATH");
    boolean longNames = !format.equals("v7");
    String name = longNames ? ("folder-" + "x".repeat(60) + "/").repeat(3) + "file.wasm" : "file";
    byte[] content = Modules.module(70_001);
    Path file = folder.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.createSymbolicLink(folder.resolve("in/link"), Path.of("target"));
    Path archive = folder.resolve("archive.tar");

    run(
        "tar",
        "--format=" + format,
        "-C",
        folder.resolve("in").toString(),
        "-cf",
        archive.toString(),
        ".");

    Map<String, byte[]> files = new LinkedHashMap<>();
    Map<String, String> links = new LinkedHashMap<>();
    var reader = new TarReader(new ByteArrayInputStream(Files.readAllBytes(archive)));
    for (TarReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
      switch (entry.type()) {
        case FILE -> files.put(RootPath.of(entry.path()), content(reader));
        case LINK -> links.put(RootPath.of(entry.path()), entry.link());
        case DIRECTORY, OTHER -> assertThat(entry.sizeBytes()).isZero();
      }
    }
    assertThat(files).containsOnlyKeys(name);
    assertThat(files.get(name)).isEqualTo(content);
    assertThat(links).containsExactlyEntriesOf(Map.of("link", "target"));
  }

  private static byte[] content(TarReader reader) throws Exception {
    var out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1000];
    for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
      out.write(buffer, 0, n);
    }
    return out.toByteArray();
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private static boolean isInstalled(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
