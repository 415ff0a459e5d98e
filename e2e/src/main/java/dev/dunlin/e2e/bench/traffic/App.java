package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.e2e.house.HttpAnswer;
import dev.dunlin.e2e.house.HttpCall;
import java.io.IOException;

/** An app on the agent, and where it answers. */
record App(String name, String host, int port) {
  String url(String path) {
    return "http://" + host + ":" + port + path;
  }

  /** Asks on a connection of its own; nanoseconds from then to the whole answer. */
  long ask(String path) throws IOException {
    long begun = System.nanoTime();
    HttpAnswer answer = HttpCall.get(path).send(host, port);
    long took = System.nanoTime() - begun;
    if (answer.status() != 200) throw new IOException(name + " answered " + answer);
    return took;
  }
}
