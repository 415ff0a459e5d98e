package dev.dunlin.agent.instance;

import dev.dunlin.agent.code.CompiledModules.Lease;
import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.idle.Bed;
import dev.dunlin.agent.idle.IdleNews;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Module;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What an http instance wakes by: its code, and what it was started with.
 *
 * @param timeout of a request
 */
record HttpBed(
    Lease code, GuestConfig given, Duration timeout, HttpSettings settings, Consumer<IdleNews> news)
    implements Bed {
  @Override
  public HttpGuest guest() throws InterruptedException {
    return code.module().http(given.grants(), given.limits().withDeadline(timeout), settings);
  }

  @Override
  public boolean mayForgetCode() {
    return code.inMemory().map(Module::optimized).orElse(true);
  }

  @Override
  public void forgetCode() {
    code.letGo();
  }

  @Override
  public void told(IdleNews what) {
    news.accept(what);
  }
}
