package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import java.time.Duration;
import java.util.Optional;

/** Grants and limits as a blob. */
final class Spec {
  private Spec() {}

  static Blob write(Blob blob, Grants grants, Limits limits) {
    blob.u32(grants.args().size());
    grants.args().forEach(blob::text);
    blob.u32(grants.env().size());
    grants.env().forEach((name, value) -> blob.text(name).text(value));
    blob.u32(grants.directories().size());
    for (var directory : grants.directories()) {
      blob.text(directory.host().toAbsolutePath().toString())
          .text(directory.guest())
          .u32(directory.readOnly() ? 1 : 0);
    }
    blob.u32(grants.allowedHosts().size());
    grants.allowedHosts().forEach(blob::text);
    return blob.u64(limits.memoryBytes())
        .u64(nanos(limits.deadline()))
        .u64(nanos(limits.cpuTime()))
        .u32(limits.openFiles())
        .u32(limits.instances());
  }

  /** 0 says none, so that no time at all is the shortest there is. */
  static long nanos(Optional<Duration> limit) {
    if (limit.isEmpty()) {
      return 0;
    }
    var duration = limit.get();
    boolean forEver = duration.toSeconds() >= Long.MAX_VALUE / 1_000_000_000L;
    return forEver ? Long.MAX_VALUE : Math.max(1, duration.toNanos());
  }
}
