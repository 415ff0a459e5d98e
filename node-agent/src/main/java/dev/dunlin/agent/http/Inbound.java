package dev.dunlin.agent.http;

import io.helidon.common.socket.PlainSocket;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What comes in over a connection. Its other side's going can be seen without losing what it may
 * have sent meanwhile. All reads are by the connection's thread, but for {@link #isClosedByPeer},
 * which is called only while that thread waits for something else (see {@link Exchange}).
 */
final class Inbound implements Supplier<byte @Nullable []> {
  /** No bound on what comes. */
  static final long ANY = Long.MAX_VALUE;

  private static final int PEEK = 256;
  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel channel;
  private final PlainSocket socket;

  /** What a look found; guarded by this. */
  private byte[] peeked = NOTHING;

  /** Guarded by this. */
  private boolean ended;

  private volatile boolean shut;

  /** Bytes that may still come; written by whoever reads. */
  private volatile long allowed = ANY;

  Inbound(SocketChannel channel, PlainSocket socket) {
    this.channel = channel;
    this.socket = socket;
  }

  /** Whether the other side has closed; false as long as it has sent what is not read yet. */
  synchronized boolean isClosedByPeer() throws IOException {
    if (ended || peeked.length > 0) {
      return ended;
    }
    ByteBuffer buffer = ByteBuffer.allocate(PEEK);
    channel.configureBlocking(false);
    try {
      ended = channel.read(buffer) < 0;
    } finally {
      channel.configureBlocking(true);
    }
    peeked = Arrays.copyOf(buffer.array(), buffer.position());
    return ended;
  }

  /** Lets nothing more in. */
  void end() {
    shut = true;
  }

  /** Lets nothing more in; whoever reads sees the end. */
  void endNow() throws IOException {
    shut = true;
    channel.shutdownInput();
  }

  /** Lets so much in from now on, and no more. */
  void allow(long bytes) {
    allowed = bytes;
  }

  /** The next bytes; null at the end. */
  @Override
  public byte @Nullable [] get() {
    long most = allowed;
    if (shut || most <= 0) {
      return null;
    }
    byte[] before = takePeeked();
    try {
      byte[] next = before.length > 0 ? before : socket.get();
      if (most != ANY && next != null) {
        allowed = most - next.length;
      }
      return next;
    } catch (UncheckedIOException e) {
      throw new ServerConnectionException("the client's connection failed", e);
    }
  }

  private synchronized byte[] takePeeked() {
    byte[] taken = peeked;
    peeked = NOTHING;
    return taken;
  }
}
