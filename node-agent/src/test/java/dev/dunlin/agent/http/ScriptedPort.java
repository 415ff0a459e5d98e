package dev.dunlin.agent.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A real port that fails and is slow as a test says. */
final class ScriptedPort extends ServerSocketChannel {
  /** What it waits for before the thread that accepts sees that it has been closed. */
  interface Wait {
    void await() throws InterruptedException;
  }

  private final ServerSocketChannel real;
  private final Supplier<@Nullable Throwable> failure;
  private final Wait beforeClosed;

  ScriptedPort(Supplier<@Nullable Throwable> failure, Wait beforeClosed) throws IOException {
    this(ServerSocketChannel.open(), failure, beforeClosed);
  }

  private ScriptedPort(
      ServerSocketChannel real, Supplier<@Nullable Throwable> failure, Wait beforeClosed) {
    super(real.provider());
    this.real = real;
    this.failure = failure;
    this.beforeClosed = beforeClosed;
  }

  @Override
  public SocketChannel accept() throws IOException {
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("cannot be thrown by accept()", e);
    }
    try {
      return real.accept();
    } catch (ClosedChannelException e) {
      try {
        beforeClosed.await();
      } catch (InterruptedException interrupted) {
        throw (IOException) new InterruptedIOException().initCause(interrupted);
      }
      throw e;
    }
  }

  @Override
  public ServerSocketChannel bind(SocketAddress address, int backlog) throws IOException {
    var _ = real.bind(address, backlog);
    return this;
  }

  @Override
  public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
    var _ = real.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return real.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return real.supportedOptions();
  }

  @Override
  public ServerSocket socket() {
    return real.socket();
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    return real.getLocalAddress();
  }

  @Override
  protected void implCloseSelectableChannel() throws IOException {
    real.close();
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    var _ = real.configureBlocking(block);
  }
}
