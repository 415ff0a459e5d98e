package dev.dunlin.agent.http;

/**
 * How the JVM runs virtual threads where many of them call guests: a call into a guest keeps its
 * carrier, so that with one carrier a processor a few busy connections would keep the others
 * waiting. Twice as many share the processors by the kernel's scheduling, and the threads that look
 * for what has arrived are the kernel's too, not virtual ones behind the guests.
 *
 * <p>16 connections to a JavaScript component on 2 processors: p99 30 ms instead of 90 ms, at the
 * same number of requests a second; to a small Rust component 3 ms instead of 7.5 ms at four fifths
 * of it (RATIONALE.md).
 */
public final class CarrierThreads {
  private static final int A_PROCESSOR = 2;

  private CarrierThreads() {}

  /** To be called before there is a virtual thread; what the command line says is left as it is. */
  public static void prepare() {
    int carriers = A_PROCESSOR * Runtime.getRuntime().availableProcessors();
    byDefault("jdk.virtualThreadScheduler.parallelism", String.valueOf(carriers));
    byDefault("jdk.pollerMode", "1"); // platform threads (sun.nio.ch.Poller)
  }

  private static void byDefault(String property, String value) {
    if (System.getProperty(property) == null) System.setProperty(property, value);
  }
}
