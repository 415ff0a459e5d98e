package dev.dunlin.e2e.badinput;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Another program on the agent's node, listening on the ports that no app has yet. */
final class PortThief {
  static final int FIRST_PORT = 21_000;
  static final int LAST_PORT = 21_002;

  private static final List<ServerSocket> SOCKETS = new ArrayList<>();

  private PortThief() {}

  /** All but the bystander's own. */
  static void take() throws IOException {
    int taken = 0;
    for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
      try {
        SOCKETS.add(new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0")));
      } catch (BindException bystandersOwn) {
        taken++;
      }
    }
    if (taken != 1) throw new IllegalStateException("ports taken before: " + taken + ", not 1");
  }

  static void giveBack() throws IOException {
    for (ServerSocket socket : SOCKETS) socket.close();
    SOCKETS.clear();
  }
}
