package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.Stdio;
import java.util.concurrent.atomic.AtomicBoolean;

/** A use of some code. */
final class WasmtimeModule implements Module {
  /** The library gives the task a share of the processors for itself. */
  static final long GROUP_OF_ITS_OWN = 0;

  private final Workshop shop;
  private final Code code;
  private final AtomicBoolean closed = new AtomicBoolean();

  WasmtimeModule(Workshop shop, Code code) {
    this.shop = shop;
    this.code = code;
  }

  @Override
  public ModuleKind kind() {
    return switch (code.kind()) {
      case Dunlin.COMMAND -> ModuleKind.COMMAND;
      case Dunlin.COMMAND_COMPONENT -> ModuleKind.COMMAND_COMPONENT;
      case Dunlin.HTTP_COMPONENT -> ModuleKind.HTTP_COMPONENT;
      default -> throw new IllegalStateException("unknown kind of module " + code.kind());
    };
  }

  @Override
  public boolean optimized() {
    return code.isOptimized();
  }

  @Override
  public Execution start(Grants grants, Limits limits, Stdio stdio) {
    return start(grants, limits, stdio, GROUP_OF_ITS_OWN);
  }

  Execution start(Grants grants, Limits limits, Stdio stdio, long group) {
    requireOpen();
    var run = new CommandRun(shop.library(), grants, limits, stdio);
    boolean begun = false;
    try {
      run.begin(startNative(grants, limits, group, run.token()));
      begun = true;
      return run;
    } finally {
      if (!begun) {
        run.abandon();
      }
    }
  }

  private long startNative(Grants grants, Limits limits, long group, long token) {
    var library = shop.library();
    var buffer = library.buffers().take();
    try {
      var spec = Spec.write(new Blob(buffer.data), grants, limits);
      while (true) {
        long module = code.handle();
        long task =
            library
                .border()
                .start(
                    module,
                    group,
                    spec.segment(),
                    spec.length(),
                    token,
                    buffer.message(),
                    Buffers.Buffer.MESSAGE_BYTES);
        if (task > 0) {
          return task;
        }
        // Else the code was unloaded in this moment.
        if (task != Dunlin.BAD_HANDLE || module == code.handle()) {
          throw Refusals.of(task, buffer.messageText(), "the module cannot be started");
        }
      }
    } finally {
      library.buffers().give(buffer);
    }
  }

  @Override
  public HttpGuest http(Grants grants, Limits limits, HttpSettings settings) {
    requireOpen();
    return switch (kind()) {
      case HTTP_COMPONENT -> new ComponentGuest(shop.library(), code, grants, limits, settings);
      case COMMAND, COMMAND_COMPONENT ->
          new GroupedCgi(shop.library(), this, grants, limits, settings);
    };
  }

  private void requireOpen() {
    shop.requireOpen();
    if (closed.get()) {
      throw new IllegalStateException("the module is closed");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      shop.giveBack(code);
    }
  }
}
