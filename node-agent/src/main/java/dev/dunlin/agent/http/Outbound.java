package dev.dunlin.agent.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.SocketWriter;

/**
 * What goes out over a connection, one write at a time: Helidon (4.5.0) gives it one whole HTTP/2
 * frame with each, so that a frame of ours fits between two of its own. Its state is guarded by
 * itself.
 */
final class Outbound implements DataWriter {
  /** On stream 0: whatever has been sent is answered, nothing more is to come (RFC 9113, 6.8). */
  private static final byte[] GO_AWAY = {
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0, 0, 0, 0
  };

  private static final int FRAME_HEADER = 9;
  private static final int HEADERS = 1;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  private final SocketWriter writer;
  private final Pace pace;

  /** Whether nothing may come before the rest of a header. */
  private boolean inHeader;

  private boolean goAwayDue;
  private boolean wentAway;

  /**
   * @param pace of the client that reads
   */
  Outbound(SocketWriter writer, Pace pace) {
    this.writer = writer;
    this.pace = pace;
  }

  /** Asks an HTTP/2 client, once, to send what is next on another connection. */
  synchronized void goAway() {
    goAwayDue = !wentAway;
    goAwayIfDue();
  }

  private void goAwayIfDue() {
    if (goAwayDue && !inHeader) {
      goAwayDue = false;
      wentAway = true;
      paced(GO_AWAY.length, () -> writer.writeNow(BufferData.create(GO_AWAY.clone())));
    }
  }

  @Override
  public synchronized void write(BufferData... parts) {
    paced(length(parts), () -> writer.write(parts));
  }

  @Override
  public synchronized void write(BufferData part) {
    paced(part.available(), () -> writer.write(part));
  }

  @Override
  public synchronized void writeNow(BufferData... parts) {
    paced(length(parts), () -> writer.writeNow(parts));
  }

  @Override
  public synchronized void writeNow(BufferData frame) {
    if (frame.available() >= FRAME_HEADER) {
      int type = frame.get(3);
      inHeader = (type == HEADERS || type == CONTINUATION) && (frame.get(4) & END_HEADERS) == 0;
    }
    paced(frame.available(), () -> writer.writeNow(frame));
    goAwayIfDue();
  }

  @Override
  public synchronized void flush() {
    paced(0, writer::flush);
  }

  private void paced(int bytes, Runnable write) {
    pace.begin(System.nanoTime(), bytes);
    try {
      write.run();
    } finally {
      pace.end(System.nanoTime(), 0);
    }
  }

  private static int length(BufferData... parts) {
    int length = 0;
    for (BufferData part : parts) {
      length += part.available();
    }
    return length;
  }

  /** Waits for no write: whoever breaks the connection ends that too. */
  @Override
  public void close() {
    writer.close();
  }
}
