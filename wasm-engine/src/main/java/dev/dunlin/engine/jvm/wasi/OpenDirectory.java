package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.Grants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    this.reader = new DirectoryReader(confined.directory().path());
    this.rights = rights;
    this.inheriting = inheriting;
  }

  static OpenDirectory preopened(Grants.Directory granted) throws IOException {
    // A read-only one claims all rights too, so that guests ask for them and learn EPERM.
    return new OpenDirectory(
        new Confined(Pin.of(granted.host()), granted.readOnly(), granted),
        granted.guest().getBytes(StandardCharsets.UTF_8),
        Rights.DIRECTORY,
        Rights.DIRECTORY | Rights.FILE);
  }

  /** A directory inside this one. */
  OpenDirectory open(Pin inside, long wantedRights, long wantedInheriting) {
    return new OpenDirectory(
        confined.at(inside),
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
    try (var _ = confined.directory()) {
      reader.close();
    }
  }
}
