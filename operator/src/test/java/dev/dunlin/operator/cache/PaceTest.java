package dev.dunlin.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final ResourceID JOB = new ResourceID("job", "ns");
  private static final ResourceID OTHER = new ResourceID("other", "ns");

  private final AtomicLong nanos = new AtomicLong(TimeUnit.DAYS.toNanos(1));
  private final List<ResourceID> told = new ArrayList<>();
  private final LaterTimer timer = new LaterTimer();
  private final Pace pace = new Pace(timer, told::add, nanos::get);

  /** Keeps what it is given until it is asked to run it. */
  private static final class LaterTimer extends ScheduledThreadPoolExecutor {
    private final List<Runnable> tasks = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();

    LaterTimer() {
      super(0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      tasks.add(task);
      delays.add(unit.toMillis(delay));
      return super.schedule(() -> {}, 0, unit);
    }

    void runAll() {
      var due = List.copyOf(tasks);
      tasks.clear();
      due.forEach(Runnable::run);
    }
  }

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  @Test
  void theFirstIsToldAtOnceAndWhatFollowsTogetherASecondLater() {
    pace.tell(JOB);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(300));
    for (int i = 0; i < 1000; i++) pace.tell(JOB);

    assertThat(told).containsExactly(JOB);
    assertThat(timer.delays).containsExactly(700L);
    timer.runAll();
    assertThat(told).containsExactly(JOB, JOB);
  }

  @Test
  void whatComesAfterASecondIsToldAtOnce() {
    pace.tell(JOB);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    pace.tell(JOB);

    assertThat(told).containsExactly(JOB, JOB);
    assertThat(timer.delays).isEmpty();
  }

  @Test
  void oneJobDoesNotDelayAnother() {
    pace.tell(JOB);
    pace.tell(OTHER);

    assertThat(told).containsExactly(JOB, OTHER);
  }
}
