package dev.dunlin.engine.jvm;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.jvm.memory.FlatMemory;
import dev.dunlin.engine.jvm.memory.GuestHeap;
import dev.dunlin.engine.jvm.memory.MemoryWall;
import dev.dunlin.engine.jvm.memory.WalledTable;
import dev.dunlin.engine.jvm.wasi.ExitException;
import dev.dunlin.engine.jvm.wasi.GuestProcess;
import dev.dunlin.engine.jvm.wasi.Preview1;
import java.io.IOException;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;

/** What a run is made of; performs it on the calling thread. */
record CommandRun(CompiledCode code, Grants grants, Limits limits, Stdio stdio, MemoryWall wall) {
  private static final String START = "_start";

  CommandRun(CompiledCode code, Grants grants, Limits limits, Stdio stdio, GuestHeap heap) {
    this(code, grants, limits, stdio, new MemoryWall(limits.memoryBytes(), heap));
  }

  /**
   * @param checkpoint throws when the run has to end
   * @throws IOException when a granted directory cannot be opened
   */
  Outcome perform(Runnable checkpoint) throws IOException {
    try (var process = new GuestProcess(grants, stdio, limits.openFiles(), checkpoint)) {
      return judge(call(process));
    } catch (MemoryWall.BrokenException e) {
      return outOfMemory();
    } catch (OutOfMemoryError e) {
      return new Outcome.OutOfMemory(limits.memoryBytes(), true);
    }
  }

  private Outcome call(GuestProcess process) {
    try {
      instantiate(process).export(START).apply();
      return new Outcome.Exited(0);
    } catch (ExitException e) {
      return new Outcome.Exited(e.code());
    } catch (JvmExecution.EndedException | MemoryWall.BrokenException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      return Traps.of(e);
    }
  }

  private Instance instantiate(GuestProcess process) {
    var imports =
        ImportValues.builder()
            .withFunctions(java.util.List.copyOf(Preview1.bind(process, code.wasiImports())))
            .build();
    return Instance.builder(code.module())
        .withImportValues(imports)
        .withMachineFactory(code.machine())
        .withMemoryFactory(declared -> new FlatMemory(declared, wall))
        .withTableFactory((table, value) -> WalledTable.of(table, value, wall))
        .withStart(false)
        .build();
  }

  /** A guest that fails after it was refused memory fails for want of memory. */
  private Outcome judge(Outcome outcome) {
    boolean failed = !(outcome instanceof Outcome.Exited exited) || !exited.success();
    return failed && wall.refusal() != MemoryWall.Refusal.NONE ? outOfMemory() : outcome;
  }

  private Outcome outOfMemory() {
    return new Outcome.OutOfMemory(limits.memoryBytes(), wall.refusal() == MemoryWall.Refusal.HEAP);
  }
}
