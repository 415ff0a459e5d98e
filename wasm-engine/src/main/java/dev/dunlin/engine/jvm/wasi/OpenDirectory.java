package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.Grants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A directory that the guest has opened, or was given. */
final class OpenDirectory implements Descriptor {
  private final Confined confined;
  private final byte @Nullable [] preopenName;
  private final DirectoryReader reader;
  private long rights;
  private long inheriting;

  private OpenDirectory(
      Confined confined, byte @Nullable [] preopenName, long rights, long inheriting) {
    this.confined = confined;
    this.preopenName = preopenName;
    this.reader = new DirectoryReader(confined.directory());
    this.rights = rights;
    this.inheriting = inheriting;
  }

  static OpenDirectory preopened(Grants.Directory granted) throws IOException {
    // A read-only one claims all rights too, so that guests ask for them and learn EROFS.
    return new OpenDirectory(
        new Confined(granted.host().toRealPath(), granted.readOnly(), granted),
        granted.guest().getBytes(StandardCharsets.UTF_8),
        Rights.DIRECTORY,
        Rights.DIRECTORY | Rights.FILE);
  }

  /** The directory at {@code path} inside this one. */
  OpenDirectory open(Path path, long wantedRights, long wantedInheriting) {
    return new OpenDirectory(
        confined.at(path),
        null,
        wantedRights & inheriting & Rights.DIRECTORY,
        wantedInheriting & inheriting);
  }

  Confined confined() {
    return confined;
  }

  byte[] preopenName() {
    if (preopenName == null) {
      throw Errno.BADF.failure();
    }
    return preopenName;
  }

  DirectoryReader reader() {
    return reader;
  }

  @Override
  public long rights() {
    return rights;
  }

  @Override
  public long inheritingRights() {
    return inheriting;
  }

  void reduceRights(long base, long inherited) {
    rights &= base;
    inheriting &= inherited;
  }

  @Override
  public FileType fileType() {
    return FileType.DIRECTORY;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
