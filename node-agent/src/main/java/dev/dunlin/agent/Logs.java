package dev.dunlin.agent;

import dev.dunlin.agent.admin.AgentMetrics;
import dev.dunlin.agent.log.LogFolders;
import dev.dunlin.agent.log.LogStore;
import dev.dunlin.agent.rate.Ticker;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What an agent keeps of its instances' output. */
final class Logs implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

  private final AgentMetrics metrics;
  private final LogStore store;

  /**
   * Opens it.
   *
   * @throws IOException when the folder cannot be had
   */
  Logs(AgentConfig config, AgentMetrics metrics, Clock clock) throws IOException {
    this.metrics = metrics;
    this.store =
        new LogStore(new LogFolders(config.dataDir().resolve("logs")), config.logDisk(), clock);
  }

  /**
   * Begins to count, and to remove what nobody needs any more.
   *
   * @param uids of the instances that there are; empty while not all of them are known
   */
  void begin(Ticker timer, Supplier<Optional<Set<String>>> uids) {
    metrics.watch("dunlin.agent.log.bytes", "Disk that logs take", store::bytes);
    metrics.watch("dunlin.agent.logs", "Logs on the disk", store::size);
    metrics.watch("dunlin.agent.log.unkept", "Lines that the disk did not take", store::dropped);
    timer.every(LOOK_EVERY, () -> uids.get().ifPresent(store::retain));
  }

  LogStore store() {
    return store;
  }

  @Override
  public void close() {
    store.close();
  }
}
