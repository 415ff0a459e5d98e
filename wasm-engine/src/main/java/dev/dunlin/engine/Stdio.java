package dev.dunlin.engine;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The three standard streams of a run. Each may block (that is how a slow reader holds the guest
 * back) and must then answer an interrupt of its thread; {@code in} is read on a thread of its own,
 * only when the guest asks, and may still be in a read when the run has ended. An {@link
 * java.io.IOException} reaches the guest as {@code EIO}.
 */
public record Stdio(InputStream in, OutputStream out, OutputStream err) {
  /** Empty input, output thrown away. */
  public static Stdio none() {
    return new Stdio(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream());
  }
}
