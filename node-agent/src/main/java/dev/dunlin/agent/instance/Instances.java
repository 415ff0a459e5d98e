package dev.dunlin.agent.instance;

import dev.dunlin.agent.config.InstanceHome;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instances of this node, as the informer shows them: one runner each. */
public final class Instances implements ResourceEventHandler<WasmInstance> {
  private static final Logger log = LoggerFactory.getLogger(Instances.class);
  private static final int WRITES_AT_ONCE = 16;

  private final String nodeName;
  private final Facilities with;
  private final Semaphore writes = new Semaphore(WRITES_AT_ONCE);

  /** By uid; guarded by itself, as is {@code shutDown}. */
  private final Map<String, InstanceRunner> runners = new HashMap<>();

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
      runner = runners.get(uid(instance));
    }
    if (runner != null) {
      runner.abandon();
    }
  }

  /** Says of each instance what it uses and how its module is; called every few seconds. */
  public void sample() {
    all().forEach(InstanceRunner::sample);
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
          new InstanceHome(home).delete();
        }
      }
    } catch (IOException e) {
      log.warn("folders of instances that are gone stay in {}: {}", with.homes(), e.toString());
    }
  }

  /** Waits until there is no instance here; false when that took longer than {@code limit}. */
  public boolean awaitNone(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (runners) {
      while (!runners.isEmpty()) {
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
      if (known == null && shutDown) {
        return;
      }
      runner =
          known == null
              ? new InstanceRunner(instance, with, writes, () -> forget(instance))
              : known;
      runners.put(uid(instance), runner);
    }
    if (deleted) {
      runner.delete();
    } else if (known == null) {
      runner.begin();
    }
  }

  private void forget(WasmInstance instance) {
    synchronized (runners) {
      runners.remove(uid(instance));
      runners.notifyAll();
    }
    String namespace = instance.getMetadata().getNamespace();
    String app = instance.getSpec().appName();
    if (!hasApp(namespace, app)) {
      with.log().forget(namespace, app);
      with.meter().forget(namespace, app);
    }
  }

  private List<InstanceRunner> all() {
    synchronized (runners) {
      return List.copyOf(runners.values());
    }
  }

  private static String uid(WasmInstance instance) {
    return instance.getMetadata().getUid();
  }
}
