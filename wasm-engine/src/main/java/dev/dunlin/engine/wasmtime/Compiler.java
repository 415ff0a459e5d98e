package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.ModuleRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles one module in a process of its own: it can be ended at any time, has a bound on its
 * memory, and a fault in the compiler ends nothing else.
 *
 * @param program dunlin-compile
 * @param memoryBytes what the process may take
 * @param longest how long it may take
 */
record Compiler(Path program, Path library, long memoryBytes, Duration longest) {
  private static final Logger log = LoggerFactory.getLogger(Compiler.class);
  private static final long TELL_EVERY_SECONDS = 10;
  private static final int MOST_MESSAGE_CHARS = 2_000;
  private static final int SIGNALLED = 128;
  private static final int SIGXCPU = 24;
  private static final long LEAST_CPU_SECONDS = 5;
  private static final long CPU_SECONDS_A_MIB = 30;
  private static final int FIRST_REFUSAL = 20;

  /**
   * @throws ModuleRefusedException when this module cannot be compiled
   * @throws InterruptedException when the thread was interrupted; the process has ended
   */
  void compile(String digest, Path wasm, Path code, int how) throws InterruptedException {
    Path messages = null;
    Process process = null;
    try {
      messages = Files.createTempFile(code.getParent(), "", ".log");
      long start = System.nanoTime();
      process =
          new ProcessBuilder(
                  List.of(
                      program.toString(),
                      library.toString(),
                      wasm.toString(),
                      code.toString(),
                      String.valueOf(how),
                      String.valueOf(memoryBytes),
                      String.valueOf(cpuSeconds(Files.size(wasm)))))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(messages.toFile())
              .start();
      await(process, digest, how, start);
      check(process.exitValue(), messages, start);
      log.debug("compiled {} ({}) in {} ms", digest, how, millisSince(start));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + program, e);
    } finally {
      end(process, messages);
    }
  }

  private void await(Process process, String digest, int how, long start)
      throws InterruptedException {
    while (!process.waitFor(TELL_EVERY_SECONDS, TimeUnit.SECONDS)) {
      var taken = Duration.ofNanos(System.nanoTime() - start);
      if (taken.compareTo(longest) > 0) {
        throw new ModuleRefusedException(
            ModuleRefusedException.Reason.TOO_LARGE,
            "expected a module that compiles in "
                + longest.toSeconds()
                + " s, found none after "
                + taken.toSeconds());
      }
      log.info(
          "compiling {} ({}) for {} s",
          digest,
          how == Dunlin.BASELINE ? "baseline" : "optimized",
          taken.toSeconds());
    }
  }

  private void check(int exit, Path messages, long start) throws IOException {
    if (exit == 0) {
      return;
    }
    var message = read(messages);
    if (exit == SIGNALLED + SIGXCPU) {
      throw new ModuleRefusedException(
          ModuleRefusedException.Reason.TOO_LARGE,
          "expected a module that compiles in the processor time for its size, found none after "
              + millisSince(start)
              + " ms");
    }
    if (exit > SIGNALLED) {
      throw new ModuleRefusedException(
          ModuleRefusedException.Reason.TOO_LARGE,
          "expected a module that compiles in %,d MiB of memory, found the compiler ended by signal %d after %d ms%s"
              .formatted(
                  memoryBytes >> 20,
                  exit - SIGNALLED,
                  millisSince(start),
                  message.isEmpty() ? "" : ": " + message));
    }
    throw Refusals.of(
        -exit, message, exit >= FIRST_REFUSAL ? "" : "compiling failed (exit code " + exit + ")");
  }

  /** Several times what honest modules take; some of a few kilobytes would take hours. */
  private static long cpuSeconds(long wasmBytes) {
    return LEAST_CPU_SECONDS + ((wasmBytes * CPU_SECONDS_A_MIB) >> 20);
  }

  private static String read(Path messages) throws IOException {
    var text = new String(Files.readAllBytes(messages), StandardCharsets.UTF_8).strip();
    return text.length() > MOST_MESSAGE_CHARS ? text.substring(0, MOST_MESSAGE_CHARS) : text;
  }

  private static void end(@Nullable Process process, @Nullable Path messages) {
    if (process != null) {
      process.destroyForcibly();
    }
    if (messages != null) {
      try {
        Files.deleteIfExists(messages);
      } catch (IOException e) {
        log.warn("{} stays: {}", messages, e.toString());
      }
    }
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
