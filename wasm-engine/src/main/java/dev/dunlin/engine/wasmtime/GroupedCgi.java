package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.Outbound;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.Usage;
import dev.dunlin.engine.cgi.CgiGuest;

/** A command that answers by the CGI convention; its requests share one share of the processors. */
final class GroupedCgi implements HttpGuest {
  private final Native library;
  private final long group;
  private final CgiGuest guest;

  GroupedCgi(
      Native library, WasmtimeModule module, Grants grants, Limits limits, HttpSettings settings) {
    this.library = library;
    this.group = library.border().groupNew(library.engine());
    this.guest = new CgiGuest(new InGroup(module, group), grants, limits, settings.err());
  }

  /** A module whose runs are of one group. */
  private record InGroup(WasmtimeModule module, long group) implements Module {
    @Override
    public ModuleKind kind() {
      return module.kind();
    }

    @Override
    public boolean optimized() {
      return module.optimized();
    }

    @Override
    public Execution start(Grants grants, Limits limits, Stdio stdio) {
      return module.start(grants, limits, stdio, group);
    }

    @Override
    public HttpGuest http(Grants grants, Limits limits, HttpSettings settings) {
      return module.http(grants, limits, settings);
    }

    @Override
    public void close() {
      module.close();
    }
  }

  @Override
  public Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException {
    return guest.answer(request, response);
  }

  @Override
  public Usage usage() {
    return guest.usage();
  }

  @Override
  public Outbound outbound() {
    return guest.outbound();
  }

  @Override
  public void close() {
    guest.close();
    library.border().groupFree(group);
  }
}
