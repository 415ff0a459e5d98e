package dev.dunlin.agent.admin;

import dev.dunlin.agent.log.InstanceLog;
import dev.dunlin.agent.log.LogQuery;
import dev.dunlin.agent.log.LogReader;
import dev.dunlin.agent.log.LogStore;
import dev.dunlin.https.Handler;
import dev.dunlin.https.Request;
import dev.dunlin.https.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /logs/NAMESPACE/INSTANCE}, to who may. */
final class LogsHandler implements Handler {
  private static final Logger log = LoggerFactory.getLogger(LogsHandler.class);

  private final LogStore store;
  private final int mostReaders;
  private final Clock clock;
  private final AtomicInteger readers = new AtomicInteger();

  LogsHandler(LogStore store, int mostReaders, Clock clock) {
    this.store = store;
    this.mostReaders = mostReaders;
    this.clock = clock;
  }

  /** How many logs are being read. */
  int readers() {
    return readers.get();
  }

  @Override
  public void answer(Request request, Response response) throws IOException {
    String instance = request.path().get(2);
    LogQuery query;
    try {
      query = LogQuery.parse(request.query(), clock.instant());
    } catch (IllegalArgumentException e) {
      response.send(400, e.getMessage() + "\n");
      return;
    }
    Optional<InstanceLog> found = store.find(request.path().get(1), instance);
    if (found.isEmpty()) {
      response.send(404, "instance " + instance + " has not run on this node yet\n");
    } else if (!LogReader.has(found.get(), query)) {
      response.send(404, "previous run of instance " + instance + " not found\n");
    } else {
      read(found.get(), instance, query, response);
    }
  }

  private void read(InstanceLog found, String instance, LogQuery query, Response response)
      throws IOException {
    var thread = Thread.currentThread();
    try {
      if (readers.incrementAndGet() > mostReaders) {
        response.send(503, "this agent has " + mostReaders + " readers of logs already\n");
        return;
      }
      OutputStream out = response.stream(200, "text/plain; charset=utf-8", thread::interrupt);
      LogReader.of(found, query, out).read();
      out.close(); // not where reading failed: what is cut short must not look whole
    } catch (InterruptedException e) {
      log.debug("who read the log of {} has gone", instance);
    } finally {
      readers.decrementAndGet();
    }
  }
}
