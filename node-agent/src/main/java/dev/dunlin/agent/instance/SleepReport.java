package dev.dunlin.agent.instance;

import dev.dunlin.agent.idle.IdleNews;
import dev.dunlin.agent.traffic.RevisionTraffic;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Passes on how an http instance sleeps: to its status and Events, and to its app's numbers. */
final class SleepReport implements Consumer<IdleNews> {
  private final RevisionTraffic traffic;
  private final Consumer<Signal> signals;
  private final AtomicBoolean couldNotWake = new AtomicBoolean();

  SleepReport(RevisionTraffic traffic, Consumer<Signal> signals) {
    this.traffic = traffic;
    this.signals = signals;
  }

  @Override
  public void accept(IdleNews news) {
    switch (news) {
      case IdleNews.Idle(boolean now) -> signals.accept(new Signal.Idle(now));
      case IdleNews.Woken(Duration took) -> {
        traffic.coldStart(took.toNanos());
        if (couldNotWake.getAndSet(false)) {
          signals.accept(new Signal.Woken());
        }
      }
      case IdleNews.NotWoken(RuntimeException why) -> {
        couldNotWake.set(true);
        signals.accept(new Signal.NotWoken(Faults.of(why)));
      }
      case IdleNews.Waits() -> traffic.waitsOn();
      case IdleNews.Waited(Duration time) -> traffic.waitedOn(time.toNanos());
    }
  }
}
