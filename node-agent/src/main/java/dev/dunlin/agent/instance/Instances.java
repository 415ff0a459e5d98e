package dev.dunlin.agent.instance;

import dev.dunlin.agent.config.InstanceHome;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.memory.Tenant;
import dev.dunlin.agent.traffic.Presence;
import dev.dunlin.agent.traffic.RevisionTraffic;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmVolume;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instances of this node, as the informer shows them: one runner each. */
public final class Instances implements ResourceEventHandler<WasmInstance> {
  private static final Logger log = LoggerFactory.getLogger(Instances.class);
  private static final int WRITES_AT_ONCE = 16;

  /** A walk through a volume is followed by a rest that much longer. */
  private static final int RESTS_AS_LONG_AS = 4;

  private static final Duration ALL_OF_ITS_GRACE = ChronoUnit.FOREVER.getDuration();

  private final String nodeName;
  private final Facilities with;
  private final AtomicBoolean measuring = new AtomicBoolean();
  private final AtomicBoolean resting = new AtomicBoolean();
  private final Semaphore writes = new Semaphore(WRITES_AT_ONCE);

  /** By uid; guarded by itself, as is {@code shutDown}. */
  private final Map<String, InstanceRunner> runners = new HashMap<>();

  /** Uids of instances that are known to be gone, ahead of the informer; guarded by it too. */
  private final Set<String> gone = new HashSet<>();

  private boolean shutDown;

  public Instances(String nodeName, Facilities with) {
    this.nodeName = nodeName;
    this.with = with;
  }

  @Override
  public void onAdd(WasmInstance instance) {
    seen(instance);
  }

  @Override
  public void onUpdate(WasmInstance before, WasmInstance instance) {
    if (!uid(before).equals(uid(instance))) {
      onDelete(before, true);
    }
    seen(instance);
  }

  @Override
  public void onDelete(WasmInstance instance, boolean stateUnknown) {
    InstanceRunner runner;
    synchronized (runners) {
      gone.remove(uid(instance));
      runner = runners.get(uid(instance));
    }
    if (runner != null) {
      runner.abandon(ALL_OF_ITS_GRACE);
    }
  }

  /** There are other policies for images. */
  public void reconsider() {
    all().forEach(InstanceRunner::reconsider);
  }

  /**
   * Ends the instances that are not there any more: while the API server could not be reached they
   * were given to other nodes. Returns when they have ended, or {@code atMost} is over.
   *
   * @param list asks the API server for the uids of this node's instances
   */
  public void endReplaced(Supplier<Set<String>> list, Duration atMost) throws InterruptedException {
    List<InstanceRunner> before = all(); // what comes while the list is on its way is no concern
    Set<String> there = list.get();
    List<InstanceRunner> replaced =
        before.stream().filter(runner -> !there.contains(uid(runner.instance()))).toList();
    synchronized (runners) {
      replaced.forEach(runner -> gone.add(uid(runner.instance())));
    }
    for (InstanceRunner runner : replaced) {
      var metadata = runner.instance().getMetadata();
      log.warn(
          "{}/{} was replaced while the API server could not be reached; it ends here",
          metadata.getNamespace(),
          metadata.getName());
      runner.abandon(atMost);
    }
    if (!await(() -> runners.values().stream().noneMatch(replaced::contains), atMost)) {
      log.warn("of {} replaced instances some are still ending", replaced.size());
    }
  }

  /** Has an instance give back what it has at once; its object stays, as Failed. */
  public void evict(String uid, String why) {
    InstanceRunner runner;
    synchronized (runners) {
      runner = runners.get(uid);
    }
    if (runner != null) {
      runner.evict(why);
    }
  }

  /** Who has memory of this node, and how much. */
  public List<Tenant> tenants() {
    return all().stream().flatMap(runner -> runner.tenant().stream()).toList();
  }

  /** The instances of some apps that are here, their CPU time counted up to now. */
  public List<Presence> here(Predicate<AppKey> of) {
    return all().stream()
        .filter(runner -> of.test(app(runner.instance())))
        .map(InstanceRunner::presence)
        .toList();
  }

  /** Says of each instance what it uses and how its module is; called every few seconds. */
  public void sample() {
    all().forEach(InstanceRunner::sample);
  }

  /** Has those that nobody asks give back what they have; called every second. */
  public void rest() {
    if (!resting.compareAndSet(false, true)) {
      return;
    }
    try {
      all().forEach(Instances::rest);
    } finally {
      resting.set(false);
    }
  }

  private static void rest(InstanceRunner runner) {
    try {
      runner.rest();
    } catch (RuntimeException e) {
      log.error(
          "instance {} does not give back what it has",
          runner.instance().getMetadata().getName(),
          e);
    }
  }

  /** How many http instances nobody asks, so that they have given back their guests. */
  public long asleep() {
    return all().stream().filter(InstanceRunner::isAsleep).count();
  }

  /** Looks whether all volumes keep to their sizes, resting for most of the time. */
  public void measure() {
    if (!measuring.compareAndSet(false, true)) {
      return;
    }
    try {
      for (InstanceRunner runner : all()) {
        long start = System.nanoTime();
        runner.measure();
        Thread.sleep(Duration.ofNanos((System.nanoTime() - start) * RESTS_AS_LONG_AS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      measuring.set(false);
    }
  }

  /** Whether an instance here that is not over has that WasmVolume. */
  public boolean uses(WasmVolume volume) {
    var metadata = volume.getMetadata();
    return all().stream()
        .filter(runner ->
            runner.phase() != InstancePhase.Succeeded && runner.phase() != InstancePhase.Failed)
        .map(InstanceRunner::instance)
        .filter(instance -> instance.getMetadata().getNamespace().equals(metadata.getNamespace()))
        .flatMap(instance -> instance.getSpec().volumes().stream())
        .anyMatch(it ->
            it.wasmVolume() != null && it.wasmVolume().claimName().equals(metadata.getName()));
  }

  /** Tells people that an instance has written more than it may, in the time of {@code period}. */
  public void tellOutputDropped(String namespace, String name, long lines, Duration period) {
    for (InstanceRunner runner : all()) {
      var metadata = runner.instance().getMetadata();
      if (metadata.getNamespace().equals(namespace) && metadata.getName().equals(name)) {
        runner.outputDropped(lines, period);
      }
    }
  }

  /** Tells people where output is whole again; called every few seconds. */
  public void reviewOutput() {
    all().forEach(InstanceRunner::reviewOutput);
  }

  /** How many instances there are here. */
  public int size() {
    synchronized (runners) {
      return runners.size();
    }
  }

  /** The uids of all. */
  public Set<String> uids() {
    synchronized (runners) {
      return Set.copyOf(runners.keySet());
    }
  }

  /** How many there are in each phase. */
  public Map<InstancePhase, Integer> phases() {
    var phases = new HashMap<InstancePhase, Integer>();
    all().forEach(runner -> phases.merge(runner.phase(), 1, Integer::sum));
    return phases;
  }

  /** Whether an app has an instance here. */
  public boolean hasApp(String namespace, String app) {
    return all().stream()
        .map(InstanceRunner::instance)
        .anyMatch(instance ->
            instance.getMetadata().getNamespace().equals(namespace)
                && instance.getSpec().appName().equals(app));
  }

  /** Removes the folders of instances that went while no agent was there to see it. */
  public void removeLeftovers() {
    Set<String> here;
    synchronized (runners) {
      here = new HashSet<>(runners.keySet());
    }
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(with.homes())) {
      for (Path home : homes) {
        if (!here.contains(String.valueOf(home.getFileName()))) {
          removeLeftover(home);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      log.warn("folders of instances that are gone stay in {}: {}", with.homes(), e.toString());
    }
  }

  private static void removeLeftover(Path home) {
    try {
      new InstanceHome(home).delete();
    } catch (IOException e) {
      log.warn("the folder of an instance that is gone stays, {}: {}", home, e.toString());
    }
  }

  /** Waits until there is no instance here; false when that took longer than {@code limit}. */
  public boolean awaitNone(Duration limit) throws InterruptedException {
    return await(runners::isEmpty, limit);
  }

  /** Asks with {@code runners} held. */
  private boolean await(BooleanSupplier done, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (runners) {
      while (!done.getAsBoolean()) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        runners.wait(left);
      }
      return true;
    }
  }

  /** Ends all that runs, within {@code limit} or so; the objects stay for the next agent. */
  public void shutDown(Duration limit) throws InterruptedException {
    Collection<InstanceRunner> ending;
    synchronized (runners) {
      shutDown = true;
      ending = List.copyOf(runners.values());
    }
    ending.forEach(runner -> runner.shutDown(limit));
    if (!awaitNone(limit.plusSeconds(5))) {
      log.warn("{} instances had not ended when the agent did", size());
    }
    for (InstanceRunner runner : ending) {
      if (!runner.awaitStatusWritten(Duration.ofMillis(500))) {
        break; // the API server does not answer: the next agent will tell
      }
    }
  }

  private void seen(WasmInstance instance) {
    if (!nodeName.equals(instance.getSpec().nodeName())) {
      return;
    }
    boolean deleted = instance.getMetadata().getDeletionTimestamp() != null;
    InstanceRunner runner;
    InstanceRunner known;
    synchronized (runners) {
      known = runners.get(uid(instance));
      if (known == null && (shutDown || gone.contains(uid(instance)))) {
        return;
      }
      runner =
          known == null
              ? new InstanceRunner(instance, with, join(instance), writes, () -> forget(instance))
              : known;
      runners.put(uid(instance), runner);
    }
    if (deleted) {
      runner.delete();
    } else if (known == null) {
      runner.begin();
    } else {
      runner.follow(instance);
    }
  }

  private void forget(WasmInstance instance) {
    synchronized (runners) {
      runners.remove(uid(instance));
      runners.notifyAll();
    }
    String namespace = instance.getMetadata().getNamespace();
    String app = instance.getSpec().appName();
    with.http().traffic().leave(namespace, app, instance.getSpec().revision());
    if (!hasApp(namespace, app)) {
      with.log().forget(namespace, app);
      with.meter().forget(namespace, app);
    }
  }

  /** Until it is forgotten. */
  private RevisionTraffic join(WasmInstance instance) {
    AppKey app = app(instance);
    return with.http().traffic().join(app.namespace(), app.name(), instance.getSpec().revision());
  }

  private List<InstanceRunner> all() {
    synchronized (runners) {
      return List.copyOf(runners.values());
    }
  }

  private static AppKey app(WasmInstance instance) {
    return new AppKey(instance.getMetadata().getNamespace(), instance.getSpec().appName());
  }

  private static String uid(WasmInstance instance) {
    return instance.getMetadata().getUid();
  }
}
