package dev.dunlin.engine.cgi;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outbound;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.Usage;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A command as an HTTP guest: one run for each request. */
public final class CgiGuest implements HttpGuest {
  private final Module module;
  private final Grants grants;
  private final Limits limits;
  private final OutputStream stderr;
  // Guarded by this.
  private final Set<Execution> underWay = new HashSet<>();
  private Duration cpuOfEnded = Duration.ZERO;
  private Outbound outboundOfEnded = Outbound.NONE;
  private boolean closed;

  /**
   * @param module a command; stays the caller's to close
   */
  public CgiGuest(Module module, Grants grants, Limits limits, OutputStream stderr) {
    this.module = module;
    this.grants = grants;
    this.limits = limits;
    this.stderr = new OneAtATime(stderr);
  }

  @Override
  public Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException {
    var pipe = new Pipe();
    var execution = start(request, new Stdio(request.body(), pipe.sink(), stderr));
    try {
      execution.ended().thenRun(pipe::closeWriter);
      return new Answer(execution, pipe, response).perform();
    } finally {
      pipe.closeReader();
      execution.close();
      retire(execution);
    }
  }

  private synchronized Execution start(HttpRequest request, Stdio stdio) {
    if (closed) {
      throw new IllegalStateException("the guest is closed");
    }
    var granted =
        new Grants(
            CgiVariables.args(request, grants.args()),
            CgiVariables.of(request, grants.env()),
            grants.directories(),
            grants.allowedHosts());
    var execution = module.start(granted, limits, stdio);
    underWay.add(execution);
    return execution;
  }

  private synchronized void retire(Execution execution) {
    underWay.remove(execution);
    cpuOfEnded = cpuOfEnded.plus(execution.usage().cpu());
    outboundOfEnded = outboundOfEnded.plus(execution.outbound());
  }

  @Override
  public synchronized Usage usage() {
    var cpu = cpuOfEnded;
    long memory = 0;
    for (var execution : underWay) {
      cpu = cpu.plus(execution.usage().cpu());
      memory += execution.usage().memoryBytes();
    }
    return new Usage(cpu, memory);
  }

  @Override
  public synchronized Outbound outbound() {
    var all = outboundOfEnded;
    for (var execution : underWay) {
      all = all.plus(execution.outbound());
    }
    return all;
  }

  @Override
  public void close() {
    closing().forEach(Execution::close);
  }

  private synchronized List<Execution> closing() {
    closed = true;
    underWay.forEach(Execution::cancel);
    return List.copyOf(underWay);
  }
}
