package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of all cron apps: what the watch has told, and over it what this process has written and
 * the watch has not told yet. One that was deleted after its end is remembered until its cron app
 * has seen how it ended.
 *
 * <p>All state is guarded by this object's lock.
 */
public final class CronJobs {
  /** A write that the watch has not confirmed by then never will. */
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  private final LongSupplier nanoTime;
  private final Map<String, Map<String, Known>> byCron = new HashMap<>();

  private final Map<String, Known> gone = new LinkedHashMap<>(); // by full name, oldest first

  private record Known(CronJob job, boolean confirmed, long at) {}

  public CronJobs(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** What the watch tells: what was and what is; null where there is nothing. */
  public synchronized void observe(@Nullable WasmApp before, @Nullable WasmApp after) {
    if (before != null && after != null && !cronOf(before).equals(cronOf(after))) remove(before);
    if (after != null) put(after, true);
    else if (before != null) {
      remove(before);
      remember(new CronJob(before, true));
    }
  }

  private void remember(CronJob job) {
    long now = nanoTime.getAsLong();
    var oldest = gone.values().iterator();
    while (oldest.hasNext() && oldest.next().at() - (now - PATIENCE) < 0) oldest.remove();
    if (job.phase() != CronJob.Phase.ACTIVE)
      gone.put(fullName(job.app()), new Known(job, true, now));
  }

  /** The name of the cron app that a job was made by. */
  public static String cronOf(WasmApp job) {
    return String.valueOf(job.getMetadata().getLabels().get(Api.CRON_LABEL));
  }

  /** Whether a change of a job is one that its cron app looks at. */
  public static boolean differ(@Nullable WasmApp before, @Nullable WasmApp after) {
    return before == null
        || after == null
        || new CronJob(before, false).phase() != new CronJob(after, false).phase();
  }

  synchronized void created(WasmApp job) {
    if (!jobs(job).containsKey(name(job))) put(job, false);
  }

  synchronized void deleted(WasmApp job) {
    remove(job);
  }

  /** The jobs that a cron app has made, in the order of their times. */
  synchronized List<CronJob> of(WasmApp cron) {
    String key = key(cron.getMetadata().getNamespace(), cron.getMetadata().getName());
    var found = byCron.getOrDefault(key, Map.of());
    long oldest = nanoTime.getAsLong() - PATIENCE;
    found.values().removeIf(it -> !it.confirmed() && it.at() - oldest < 0);
    return Stream.concat(found.values().stream(), gone.values().stream())
        .map(Known::job)
        .filter(job -> CronJob.isOf(job.app(), cron))
        .sorted(Comparator.comparing(CronJob::scheduled).thenComparing(CronJob::name))
        .toList();
  }

  /** The cron app has taken in how those that are gone have ended. */
  synchronized void seen(List<CronJob> jobs) {
    jobs.stream().filter(CronJob::gone).forEach(job -> gone.remove(fullName(job.app())));
  }

  private void put(WasmApp job, boolean confirmed) {
    jobs(job).put(name(job), new Known(new CronJob(job, false), confirmed, nanoTime.getAsLong()));
  }

  private void remove(WasmApp job) {
    String key = key(job.getMetadata().getNamespace(), cronOf(job));
    @Nullable Map<String, Known> found = byCron.get(key);
    if (found == null) return;
    found.remove(name(job));
    if (found.isEmpty()) byCron.remove(key);
  }

  private Map<String, Known> jobs(WasmApp job) {
    return byCron.computeIfAbsent(
        key(job.getMetadata().getNamespace(), cronOf(job)), it -> new LinkedHashMap<>());
  }

  private static String name(WasmApp job) {
    return job.getMetadata().getName();
  }

  private static String fullName(WasmApp job) {
    return key(job.getMetadata().getNamespace(), name(job));
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }
}
