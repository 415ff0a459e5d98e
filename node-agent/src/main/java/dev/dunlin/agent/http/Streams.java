package dev.dunlin.agent.http;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where Helidon runs the requests of one HTTP/2 connection, so that the connection learns of them.
 * The threads are everybody's: this does not end them.
 */
final class Streams extends AbstractExecutorService {
  private final ExecutorService threads;
  private final Consumer<Runnable> around;

  /**
   * @param around runs what it is given, on one of {@code threads}
   */
  Streams(ExecutorService threads, Consumer<Runnable> around) {
    this.threads = threads;
    this.around = around;
  }

  @Override
  public void execute(Runnable request) {
    threads.execute(() -> around.accept(request));
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return threads.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return threads.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return threads.awaitTermination(timeout, unit);
  }
}
