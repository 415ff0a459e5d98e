package dev.dunlin.e2e.house;

import dev.dunlin.e2e.cluster.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The road from one program to the API server. It can be cut, as a network is: nobody is told, what
 * is sent gets lost, and only once it is open again do both ends learn that they have lost each
 * other.
 */
public final class ApiRoad implements AutoCloseable {
  private final URI apiServer;
  private final ServerSocket entrance;
  private final Path kubeconfig;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  private ApiRoad(URI apiServer, ServerSocket entrance, Path kubeconfig) {
    this.apiServer = apiServer;
    this.entrance = entrance;
    this.kubeconfig = kubeconfig;
    Thread.ofVirtual().name("api-road").start(this::admit);
  }

  public static ApiRoad to(ControlPlane controlPlane) {
    try {
      var entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var kubeconfig = Files.createTempFile("road-", ".kubeconfig");
      Files.writeString(
          kubeconfig,
          Files.readString(controlPlane.kubeconfig())
              .replace(controlPlane.url(), "https://127.0.0.1:" + entrance.getLocalPort()));
      return new ApiRoad(URI.create(controlPlane.url()), entrance, kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For the program that is to take this road. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /** From now on all that is sent is lost. */
  public void cut() {
    open = false;
  }

  /** Opens it again: what was lost cannot be sent again, so connections of before end. */
  public void heal() {
    ends.forEach(ApiRoad::close);
    ends.clear();
    open = true;
  }

  private void admit() {
    while (!entrance.isClosed()) {
      try {
        Socket from = entrance.accept();
        ends.add(from);
        if (!open) continue; // it waits for an answer until the road is open again
        Socket to = new Socket(apiServer.getHost(), apiServer.getPort());
        ends.add(to);
        Thread.ofVirtual().start(() -> carry(from, to));
        Thread.ofVirtual().start(() -> carry(to, from));
      } catch (IOException e) {
        if (!entrance.isClosed()) throw new UncheckedIOException(e);
      }
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[16 << 10];
    try (from;
        to) {
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        if (open) to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException ended) {
      // One end has closed: so does the other.
    } finally {
      ends.remove(from);
      ends.remove(to);
    }
  }

  private static void close(Socket end) {
    try {
      end.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      entrance.close();
      ends.forEach(ApiRoad::close);
      Files.delete(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
