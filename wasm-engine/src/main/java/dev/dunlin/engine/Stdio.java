package dev.dunlin.engine;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The three standard streams of a run. Reads of {@code in} may block and must answer an interrupt
 * of the reading thread; an {@link java.io.IOException} from {@code out} or {@code err} reaches the
 * guest as {@code EIO}.
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
