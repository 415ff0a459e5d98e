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
  private static final int PEEK = 256;
  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel channel;
  private final PlainSocket socket;

  /** What a look found; guarded by this. */
  private byte[] peeked = NOTHING;

  /** Guarded by this. */
  private boolean ended;

  private volatile boolean shut;

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

  /** The next bytes; null at the end. */
  @Override
  public byte @Nullable [] get() {
    if (shut) {
      return null;
    }
    byte[] before = takePeeked();
    try {
      return before.length > 0 ? before : socket.get();
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
