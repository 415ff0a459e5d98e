package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeStoreTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String C = "c".repeat(64);
  private static final List<String> IDS = List.of("0123456789abcdef", "fedcba9876543210");

  @TempDir private Path temp;

  private CodeStore open(long mostBytes) throws IOException {
    return CodeStore.open(temp.resolve("code"), IDS, mostBytes);
  }

  private static void write(Path file, int bytes, long usedMillis) throws IOException {
    Files.write(file, new byte[bytes]);
    Files.setLastModifiedTime(file, FileTime.fromMillis(usedMillis));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void nobodyElseCanReadOrWriteIt() throws Exception {
    Files.createDirectories(
        temp.resolve("code"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    var store = open(1000);
    store.keepWasm(A, new byte[] {1});

    assertThat(permissions(temp.resolve("code"))).isEqualTo("rwx------");
    assertThat(permissions(store.wasm(A))).isEqualTo("rw-------");
  }

  @Test
  void theKindOfAModuleIsKept() throws Exception {
    open(1000).keepKind(A, Dunlin.HTTP_COMPONENT);

    assertThat(open(1000).kind(A)).hasValue(Dunlin.HTTP_COMPONENT);
    assertThat(open(1000).kind(B)).isEmpty();
  }

  @Test
  void aDamagedKindIsNone() throws Exception {
    var store = open(1000);
    store.keepKind(A, Dunlin.COMMAND);
    Files.write(temp.resolve("code").resolve(A + ".kind"), new byte[] {1, 2, 3});

    assertThat(store.kind(A)).isEqualTo(OptionalInt.empty());
  }

  @Test
  void whatAnEarlierProcessOrAnotherEngineLeftGoes() throws Exception {
    var store = open(1000);
    write(store.code(A, Dunlin.OPTIMIZED), 1, 1);
    write(store.code(A, Dunlin.BASELINE), 1, 1);
    store.keepKind(A, Dunlin.COMMAND);
    store.keepWasm(A, new byte[1]);
    var folder = temp.resolve("code");
    write(folder.resolve(A + "-0000000000000000.code"), 1, 1);
    write(folder.resolve(A + "-" + IDS.getFirst() + ".partial"), 1, 1);
    write(folder.resolve("123.part"), 1, 1);

    open(1000);

    try (var left = Files.list(folder)) {
      assertThat(left)
          .containsExactlyInAnyOrder(
              store.code(A, Dunlin.OPTIMIZED),
              store.code(A, Dunlin.BASELINE),
              folder.resolve(A + ".kind"));
    }
  }

  @Test
  void whatWasNotUsedForLongestGoesFirstButNotWhatIsInUse() throws Exception {
    var store = open(250);
    write(store.code(A, Dunlin.OPTIMIZED), 100, 1_000);
    write(store.code(B, Dunlin.OPTIMIZED), 100, 2_000);
    write(store.code(C, Dunlin.OPTIMIZED), 100, 3_000);

    store.evict(A::equals);

    assertThat(store.code(A, Dunlin.OPTIMIZED)).exists();
    assertThat(store.code(B, Dunlin.OPTIMIZED)).doesNotExist();
    assertThat(store.code(C, Dunlin.OPTIMIZED)).exists();
  }

  @Test
  void aUseMakesItTheLastToGo() throws Exception {
    var store = open(150);
    write(store.code(A, Dunlin.OPTIMIZED), 100, 1_000);
    write(store.code(B, Dunlin.OPTIMIZED), 100, 2_000);
    store.touch(store.code(A, Dunlin.OPTIMIZED));

    store.evict(digest -> false);

    assertThat(store.code(A, Dunlin.OPTIMIZED)).exists();
    assertThat(store.code(B, Dunlin.OPTIMIZED)).doesNotExist();
  }
}
