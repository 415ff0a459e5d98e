package dev.dunlin.agent.module;

import dev.dunlin.oci.Digest;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A module on the disk that stays there until this is closed. */
public final class ModuleHandle implements AutoCloseable {
  private final Path path;
  private final CachedModule module;
  private final Runnable unpin;
  private final AtomicBoolean closed = new AtomicBoolean();

  ModuleHandle(Path path, CachedModule module, Runnable unpin) {
    this.path = path;
    this.module = module;
    this.unpin = unpin;
  }

  public Path path() {
    return path;
  }

  /** The digest of the manifest it came by. */
  public Digest manifest() {
    return module.manifest();
  }

  /** The digest of the file. */
  public Digest content() {
    return module.content();
  }

  public long sizeBytes() {
    return module.sizeBytes();
  }

  /** Lets it be evicted again; closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      unpin.run();
    }
  }
}
