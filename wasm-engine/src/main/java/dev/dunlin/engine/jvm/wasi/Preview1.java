package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.jvm.memory.FlatMemory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.HostFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** The functions of WASI preview 1, by name; bound to a {@link GuestProcess} they are imports. */
public final class Preview1 {
  /** The module name that guests import from. */
  public static final String MODULE = "wasi_snapshot_preview1";

  private static final long[] NOTHING = {};

  private static final Map<String, Function> FUNCTIONS = define();

  private Preview1() {}

  /** What a function does with a call, and with which error code it ends. */
  interface Body {
    void call(Call call) throws IOException, InterruptedException;
  }

  private record Function(FunctionType type, Body body) {}

  /** Collects the functions of one area; a signature has a letter per parameter: i32, I64. */
  interface Definitions {
    void define(String name, String signature, Body body);
  }

  private static Map<String, Function> define() {
    var functions = new HashMap<String, Function>();
    Definitions definitions =
        (name, signature, body) -> functions.put(name, new Function(type(signature), body));
    ProcessFunctions.define(definitions);
    DescriptorFunctions.define(definitions);
    FileFunctions.define(definitions);
    PathFunctions.define(definitions);
    Poll.define(definitions);
    functions.put(
        "proc_exit",
        new Function(
            FunctionType.accepting(ValType.I32),
            call -> {
              throw new ExitException(call.i32(0));
            }));
    return Map.copyOf(functions);
  }

  private static FunctionType type(String signature) {
    var params = new ArrayList<ValType>();
    for (int i = 0; i < signature.length(); i++) {
      params.add(signature.charAt(i) == 'I' ? ValType.I64 : ValType.I32);
    }
    return FunctionType.of(params, List.of(ValType.I32));
  }

  /** The type of a function, or null when preview 1 has none of that name. */
  public static @Nullable FunctionType typeOf(String name) {
    var function = FUNCTIONS.get(name);
    return function == null ? null : function.type();
  }

  /** The named functions as imports that act on {@code process}. */
  public static List<HostFunction> bind(GuestProcess process, Iterable<String> names) {
    var bound = new ArrayList<HostFunction>();
    for (var name : names) {
      var function = FUNCTIONS.get(name);
      if (function == null) {
        throw new IllegalArgumentException("not a function of " + MODULE + ": " + name);
      }
      bound.add(
          new HostFunction(
              MODULE,
              name,
              function.type(),
              (instance, args) -> call(function, process, instance, args)));
    }
    return bound;
  }

  private static long[] call(
      Function function, GuestProcess process, Instance instance, long[] args) {
    if (!(instance.memory() instanceof FlatMemory memory)) {
      throw new TrapException("out of bounds memory access: the module has no memory");
    }
    process.checkpoint();
    var errno = perform(function.body(), new Call(process, memory, args));
    process.checkpoint();
    return function.type().returns().isEmpty() ? NOTHING : new long[] {errno.code()};
  }

  private static Errno perform(Body body, Call call) {
    try {
      body.call(call);
      return Errno.SUCCESS;
    } catch (WasiException e) {
      return e.errno();
    } catch (InterruptedException | InterruptedIOException | ClosedByInterruptException e) {
      return Errno.INTR; // the checkpoint that follows ends the guest if the engine interrupted it
    } catch (NonReadableChannelException | NonWritableChannelException e) {
      return Errno.BADF;
    } catch (IOException e) {
      return IoErrors.errno(e);
    }
  }
}
