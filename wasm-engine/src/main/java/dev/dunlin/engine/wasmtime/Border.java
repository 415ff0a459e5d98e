package dev.dunlin.engine.wasmtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The functions of dunlin.h, named as there without {@code dunlin_}; what they do and answer is
 * written there. The handles are constants, one for each shape of call, so that the JIT compiles a
 * call straight through; only the addresses belong to the library that was opened.
 */
final class Border {
  // Result_Parameters: I int, J long, A address.
  private static final MethodHandle I_ = shape(JAVA_INT);
  private static final MethodHandle I_AIAIIAI =
      shape(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle I_AJAI = shape(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT);
  private static final MethodHandle I_J = shape(JAVA_INT, JAVA_LONG);
  private static final MethodHandle I_JA = shape(JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle I_JAAI = shape(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle I_JAIJ =
      shape(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG);
  private static final MethodHandle I_JI = shape(JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle I_JII = shape(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle J_AAI = shape(JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle J_J = shape(JAVA_LONG, JAVA_LONG);
  private static final MethodHandle J_JAI = shape(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT);
  private static final MethodHandle J_JAIIAI =
      shape(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle J_JAIJAAI =
      shape(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle J_JIAI =
      shape(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle J_JJAIAI =
      shape(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle J_JJAIJAI =
      shape(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);

  private final MemorySegment abiVersion;
  private final MemorySegment engineNew;
  private final MemorySegment engineFree;
  private final MemorySegment engineInfo;
  private final MemorySegment engineCodeId;
  private final MemorySegment engineEvents;
  private final MemorySegment engineStats;
  private final MemorySegment inspect;
  private final MemorySegment compile;
  private final MemorySegment moduleLoad;
  private final MemorySegment moduleFree;
  private final MemorySegment groupNew;
  private final MemorySegment groupFree;
  private final MemorySegment start;
  private final MemorySegment httpNew;
  private final MemorySegment httpUsage;
  private final MemorySegment httpOutbound;
  private final MemorySegment httpFree;
  private final MemorySegment httpStart;
  private final MemorySegment taskResponse;
  private final MemorySegment taskRead;
  private final MemorySegment taskWrite;
  private final MemorySegment taskClose;
  private final MemorySegment taskOutcome;
  private final MemorySegment taskUsage;
  private final MemorySegment taskOutbound;
  private final MemorySegment taskCancel;
  private final MemorySegment taskHold;
  private final MemorySegment taskFree;

  private final SymbolLookup library;

  private Border(SymbolLookup library) {
    this.library = library;
    abiVersion = find("dunlin_abi_version");
    engineNew = find("dunlin_engine_new");
    engineFree = find("dunlin_engine_free");
    engineInfo = find("dunlin_engine_info");
    engineCodeId = find("dunlin_engine_code_id");
    engineEvents = find("dunlin_engine_events");
    engineStats = find("dunlin_engine_stats");
    inspect = find("dunlin_inspect");
    compile = find("dunlin_compile");
    moduleLoad = find("dunlin_module_load");
    moduleFree = find("dunlin_module_free");
    groupNew = find("dunlin_group_new");
    groupFree = find("dunlin_group_free");
    start = find("dunlin_start");
    httpNew = find("dunlin_http_new");
    httpUsage = find("dunlin_http_usage");
    httpOutbound = find("dunlin_http_outbound");
    httpFree = find("dunlin_http_free");
    httpStart = find("dunlin_http_start");
    taskResponse = find("dunlin_task_response");
    taskRead = find("dunlin_task_read");
    taskWrite = find("dunlin_task_write");
    taskClose = find("dunlin_task_close");
    taskOutcome = find("dunlin_task_outcome");
    taskUsage = find("dunlin_task_usage");
    taskOutbound = find("dunlin_task_outbound");
    taskCancel = find("dunlin_task_cancel");
    taskHold = find("dunlin_task_hold");
    taskFree = find("dunlin_task_free");
  }

  /**
   * Opens the library, for as long as this process lasts: it has threads and signal handlers.
   *
   * @throws IllegalArgumentException when it cannot be loaded, or is not the one that is described
   */
  @SuppressWarnings("restricted") // that is what this class is for
  static Border open(Path file) {
    var border = new Border(SymbolLookup.libraryLookup(file, Arena.global()));
    int version = border.abiVersion();
    if (version != Dunlin.ABI_VERSION) {
      throw new IllegalArgumentException(
          file + ": expected version " + Dunlin.ABI_VERSION + " of dunlin.h, found " + version);
    }
    return border;
  }

  private MemorySegment find(String name) {
    return library
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("the library has no function " + name));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle shape(MemoryLayout result, MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(result, parameters));
  }

  private static IllegalStateException neverThrown(Throwable e) {
    if (e instanceof Error error) {
      throw error; // no stack, no memory: the caller's, not ours
    }
    return new IllegalStateException("a native call of the wrong shape", e);
  }

  int abiVersion() {
    try {
      return (int) I_.invokeExact(abiVersion);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long engineNew(MemorySegment config, MemorySegment err, int errCap) {
    try {
      return (long) J_AAI.invokeExact(engineNew, config, err, errCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int engineFree(long engine) {
    return ofHandle(engineFree, engine);
  }

  long engineInfo(long engine, MemorySegment buffer, int cap) {
    try {
      return (long) J_JAI.invokeExact(engineInfo, engine, buffer, cap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long engineCodeId(long engine, int how, MemorySegment buffer, int cap) {
    try {
      return (long) J_JIAI.invokeExact(engineCodeId, engine, how, buffer, cap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int engineEvents(long engine, MemorySegment events, int cap, long timeoutMillis) {
    try {
      return (int) I_JAIJ.invokeExact(engineEvents, engine, events, cap, timeoutMillis);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int engineStats(long engine, MemorySegment stats) {
    try {
      return (int) I_JA.invokeExact(engineStats, engine, stats);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int inspect(MemorySegment wasm, long len, MemorySegment err, int errCap) {
    try {
      return (int) I_AJAI.invokeExact(inspect, wasm, len, err, errCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int compile(
      MemorySegment wasmPath,
      int wasmLen,
      MemorySegment codePath,
      int codeLen,
      int how,
      MemorySegment err,
      int errCap) {
    try {
      return (int)
          I_AIAIIAI.invokeExact(compile, wasmPath, wasmLen, codePath, codeLen, how, err, errCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long moduleLoad(
      long engine, MemorySegment codePath, int len, int how, MemorySegment err, int errCap) {
    try {
      return (long) J_JAIIAI.invokeExact(moduleLoad, engine, codePath, len, how, err, errCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int moduleFree(long module) {
    return ofHandle(moduleFree, module);
  }

  long groupNew(long engine) {
    try {
      return (long) J_J.invokeExact(groupNew, engine);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int groupFree(long group) {
    return ofHandle(groupFree, group);
  }

  long start(
      long module,
      long group,
      MemorySegment spec,
      int len,
      long token,
      MemorySegment err,
      int errCap) {
    try {
      return (long) J_JJAIJAI.invokeExact(start, module, group, spec, len, token, err, errCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long httpNew(
      long module, long group, MemorySegment spec, int len, MemorySegment err, int errCap) {
    try {
      return (long) J_JJAIAI.invokeExact(httpNew, module, group, spec, len, err, errCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int httpUsage(long guest, MemorySegment usage) {
    try {
      return (int) I_JA.invokeExact(httpUsage, guest, usage);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long httpOutbound(long guest, MemorySegment counts, int cap) {
    try {
      return (long) J_JAI.invokeExact(httpOutbound, guest, counts, cap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int httpFree(long guest) {
    return ofHandle(httpFree, guest);
  }

  long httpStart(
      long guest,
      MemorySegment request,
      int len,
      long token,
      MemorySegment bits,
      MemorySegment err,
      int errCap) {
    try {
      return (long) J_JAIJAAI.invokeExact(httpStart, guest, request, len, token, bits, err, errCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long taskResponse(long task, MemorySegment buffer, int cap) {
    try {
      return (long) J_JAI.invokeExact(taskResponse, task, buffer, cap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long taskRead(long task, int stream, MemorySegment buffer, int cap) {
    try {
      return (long) J_JIAI.invokeExact(taskRead, task, stream, buffer, cap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long taskWrite(long task, int stream, MemorySegment buffer, int len) {
    try {
      return (long) J_JIAI.invokeExact(taskWrite, task, stream, buffer, len);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int taskClose(long task, int stream, int failed) {
    try {
      return (int) I_JII.invokeExact(taskClose, task, stream, failed);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int taskOutcome(long task, MemorySegment outcome, MemorySegment message, int messageCap) {
    try {
      return (int) I_JAAI.invokeExact(taskOutcome, task, outcome, message, messageCap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int taskUsage(long task, MemorySegment usage) {
    try {
      return (int) I_JA.invokeExact(taskUsage, task, usage);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  long taskOutbound(long task, MemorySegment counts, int cap) {
    try {
      return (long) J_JAI.invokeExact(taskOutbound, task, counts, cap);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int taskCancel(long task) {
    return ofHandle(taskCancel, task);
  }

  int taskHold(long task, int on) {
    try {
      return (int) I_JI.invokeExact(taskHold, task, on);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  int taskFree(long task) {
    return ofHandle(taskFree, task);
  }

  private static int ofHandle(MemorySegment function, long handle) {
    try {
      return (int) I_J.invokeExact(function, handle);
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }
}
