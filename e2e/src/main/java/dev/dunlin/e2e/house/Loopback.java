package dev.dunlin.e2e.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One address 127.0.0.N for one agent. It is this JVM's alone until closed: whoever has it holds a
 * port of it that all tests on this machine try to take first.
 *
 * @param number N
 */
record Loopback(int number, ServerSocket claim) implements AutoCloseable {
  private static final int CLAIM_PORT = 9999;

  static Loopback next() {
    IOException last = new IOException("none tried");
    for (int attempt = 0; attempt < 1000; attempt++) {
      int number = ThreadLocalRandom.current().nextInt(2, 255);
      try {
        InetAddress address = InetAddress.ofLiteral("127.0.0." + number);
        return new Loopback(number, new ServerSocket(CLAIM_PORT, 1, address));
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new IllegalStateException("no free address in 127.0.0.2 to 127.0.0.254", last);
  }

  /** Where to listen. */
  String bind() {
    return "127.0.0." + number;
  }

  /** The same machine in TEST-NET-1, which an EndpointSlice may hold. */
  String advertise() {
    return "192.0.2." + number;
  }

  @Override
  public void close() {
    try {
      claim.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
