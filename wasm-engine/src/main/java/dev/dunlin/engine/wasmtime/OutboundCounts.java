package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Outbound;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;

/** Reads what the library has counted of outgoing requests. */
final class OutboundCounts {
  private static final Outbound.Result[] RESULTS = Outbound.Result.values();

  private OutboundCounts() {}

  static Outbound ofTask(Native library, long task, Grants grants) {
    return read(library, task, library.border()::taskOutbound, grants.allowedHosts());
  }

  static Outbound ofGuest(Native library, long guest, Grants grants) {
    return read(library, guest, library.border()::httpOutbound, grants.allowedHosts());
  }

  private interface Call {
    long into(long handle, MemorySegment counts, int cap);
  }

  private static Outbound read(Native library, long handle, Call call, List<String> hosts) {
    var buffer = library.buffers().take();
    try {
      long length = call.into(handle, buffer.data, Buffers.Buffer.DATA_BYTES);
      if (length <= Buffers.Buffer.DATA_BYTES) {
        return of(buffer.data, length, hosts);
      }
      try (var arena = Arena.ofConfined()) {
        var large = arena.allocate(length, Long.BYTES);
        return of(large, call.into(handle, large, (int) length), hosts);
      }
    } finally {
      library.buffers().give(buffer);
    }
  }

  /** dunlin.h's {@code outbound}; nothing where there is none (any more). */
  private static Outbound of(MemorySegment counts, long length, List<String> hosts) {
    var found = new HashMap<Outbound.Call, Long>();
    for (int i = 0; i < length / Long.BYTES; i++) {
      long count = counts.get(Blob.U64, (long) i * Long.BYTES);
      if (count > 0) {
        int row = i / RESULTS.length;
        String host = row < hosts.size() ? hosts.get(row) : Outbound.Call.OTHERS;
        found.merge(new Outbound.Call(host, RESULTS[i % RESULTS.length]), count, Long::sum);
      }
    }
    return found.isEmpty() ? Outbound.NONE : new Outbound(found);
  }
}
