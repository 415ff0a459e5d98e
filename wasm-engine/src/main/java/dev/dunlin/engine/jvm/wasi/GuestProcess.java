package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.util.List;

/**
 * What WASI knows of one run: arguments, variables, open descriptors. Used by the guest's thread
 * only.
 */
public final class GuestProcess implements AutoCloseable {
  private final List<byte[]> args;
  private final List<byte[]> env;
  private final Runnable checkpoint;
  private final long startNanos = System.nanoTime();
  private final DescriptorTable descriptors;

  /**
   * @param checkpoint throws when the run has to end; called before and after each call of the
   *     guest
   * @throws IOException when a granted directory cannot be opened
   */
  public GuestProcess(Grants grants, Stdio stdio, int openFiles, Runnable checkpoint)
      throws IOException {
    this.args = grants.args().stream().map(GuestProcess::cString).toList();
    this.env =
        grants.env().entrySet().stream()
            .map(entry -> cString(entry.getKey() + "=" + entry.getValue()))
            .toList();
    this.checkpoint = checkpoint;
    this.descriptors = DescriptorTable.of(grants, stdio, openFiles);
  }

  private static byte[] cString(String text) {
    return (text + '\0').getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  List<byte[]> args() {
    return args;
  }

  List<byte[]> env() {
    return env;
  }

  DescriptorTable descriptors() {
    return descriptors;
  }

  void checkpoint() {
    checkpoint.run();
  }

  /** Nanoseconds since the run began. */
  long monotonicNanos() {
    return System.nanoTime() - startNanos;
  }

  /** Closes what the guest left open; the standard streams stay open. */
  @Override
  public void close() {
    descriptors.closeAll();
  }
}
