package dev.dunlin.agent.config;

import dev.dunlin.agent.disk.AtomicFolder;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.VolumeMount;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.engine.Grants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of one instance, from its first start until it goes: read-only ones follow what they
 * are made from, as kubelet has it, writable ones keep what the guest wrote.
 */
public final class InstanceFiles implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(InstanceFiles.class);

  private final FileSources with;

  /** What is older may be what its predecessor was made from, which it is to replace. */
  private final ConfigSource source;

  private final InstanceHome home;
  private final BiConsumer<String, String> warn;
  private final List<Volume> mounted;
  private final AtomicBoolean due = new AtomicBoolean();
  private final AtomicBoolean failed = new AtomicBoolean();
  private volatile WasmInstance instance;
  private volatile List<WritableVolume> writable = List.of();

  /** Null until the first start, and after the end; guarded by this. */
  private @Nullable WatchedConfig watched;

  private boolean closed; // guarded by this

  /**
   * Prepares it.
   *
   * @param home the instance's folder
   * @param warn told the reason and the words when files cannot follow what they are made from
   */
  public InstanceFiles(
      WasmInstance instance, Path home, FileSources with, BiConsumer<String, String> warn) {
    this.instance = instance;
    this.home = new InstanceHome(home);
    this.with = with;
    this.source = with.source().since(System.nanoTime());
    this.warn = warn;
    this.mounted =
        instance.getSpec().volumes().stream()
            .filter(volume ->
                instance.getSpec().volumeMounts().stream()
                    .anyMatch(mount -> mount.name().equals(volume.name())))
            .toList();
  }

  /**
   * What the next run is given: all volumes are there, read-only ones as what they are made from is
   * now.
   *
   * @throws ConfigException when something that the instance refers to is missing
   */
  public GuestConfig configure() throws IOException {
    Map<String, Path> folders = write();
    var directories = new ArrayList<Grants.Directory>();
    for (VolumeMount mount : instance.getSpec().volumeMounts()) {
      Path folder = folders.get(mount.name());
      if (folder != null) {
        boolean readOnly =
            Boolean.TRUE.equals(mount.readOnly())
                || mounted.stream()
                    .anyMatch(v -> v.name().equals(mount.name()) && !VolumeFiles.isWritable(v));
        directories.add(new Grants.Directory(folder, mount.mountPath(), readOnly));
      }
    }
    return GuestConfig.read(instance, source, directories);
  }

  /** The folders by volume. The lock is held while writing: two writers would mix their sets. */
  private synchronized Map<String, Path> write() throws IOException {
    WatchedConfig config = watched();
    var lookup = new Lookup(namespace(), config.over(source));
    var folders = new LinkedHashMap<String, Path>();
    var found = new ArrayList<WritableVolume>();
    for (Volume volume : mounted) {
      if (volume.wasmVolume() != null) {
        var folder = with.volumes().open(instance, volume.wasmVolume().claimName());
        folders.put(volume.name(), folder.path());
        found.add(new WritableVolume(volume, folder.path(), folder.limitBytes()));
      } else if (volume.emptyDir() != null) {
        var limit = volume.emptyDir().sizeLimit();
        Path folder = home.volume(volume.name());
        folders.put(volume.name(), folder);
        found.add(
            new WritableVolume(
                volume, folder, limit == null ? with.emptyDirBytes() : GuestConfig.bytes(limit)));
      } else {
        Map<String, byte[]> files = VolumeFiles.of(volume, lookup, instance);
        Path folder = home.volume(volume.name());
        new AtomicFolder(folder).write(files);
        folders.put(volume.name(), folder);
      }
    }
    writable = List.copyOf(found);
    return folders;
  }

  private synchronized WatchedConfig watched() {
    WatchedConfig known = watched;
    if (known == null) {
      known = WatchedConfig.of(mounted, namespace(), closed ? null : with.watches(), this::changed);
      watched = known;
    }
    return known;
  }

  /** The instance's object has changed: its labels and annotations may be in files. */
  public void follow(WasmInstance now) {
    var before = instance.getMetadata();
    var after = now.getMetadata();
    instance = now;
    boolean same =
        Objects.equals(before.getLabels(), after.getLabels())
            && Objects.equals(before.getAnnotations(), after.getAnnotations());
    if (!same && mounted.stream().anyMatch(VolumeFiles::isOfInstance)) {
      changed();
    }
  }

  /** Has the files brought up to date, once for many changes. */
  private void changed() {
    if (due.compareAndSet(false, true)) {
      try {
        with.workers().execute(this::update);
      } catch (RejectedExecutionException e) {
        log.debug("the agent ends: {} is not updated any more", name());
      }
    }
  }

  private synchronized void update() {
    due.set(false);
    WatchedConfig config = watched;
    if (closed || config == null) {
      return;
    }
    failed.set(false);
    for (Volume volume : mounted) {
      if (!VolumeFiles.isWritable(volume) && config.isKnown(volume)) {
        update(volume, new Lookup(namespace(), config));
      }
    }
  }

  private void update(Volume volume, Lookup lookup) {
    try {
      var folder = new AtomicFolder(home.volume(volume.name()));
      if (folder.write(VolumeFiles.of(volume, lookup, instance))) {
        log.info("volume {} of instance {} follows what it is made from", volume.name(), name());
      }
    } catch (ConfigException e) {
      // What was deleted leaves the files as they are, as kubelet does.
      if (e.reason().equals(Reasons.KEY_NOT_FOUND)) {
        warn.accept(
            Reasons.VOLUME_UPDATE_FAILED,
            "Volume " + volume.name() + " stays as it was: " + e.getMessage());
      }
    } catch (IOException e) {
      failed.set(true);
      warn.accept(
          Reasons.VOLUME_UPDATE_FAILED,
          "Volume " + volume.name() + " stays as it was, and is tried again: " + e.getMessage());
    }
  }

  /** The first of its volumes that takes more than it may; what failed before is tried again. */
  public Optional<Overuse> overuse() throws IOException {
    if (failed.get()) {
      changed();
    }
    for (WritableVolume volume : writable) {
      Optional<Overuse> found = volume.overuse(instance, with.volumes());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Follows nothing any more; the files stay. */
  @Override
  public void close() {
    WatchedConfig ended;
    synchronized (this) {
      closed = true;
      ended = watched;
      watched = null;
    }
    if (ended != null) {
      ended.close();
    }
    writable = List.of();
  }

  /** Removes what the instance had of its own on the disk. */
  public synchronized void delete() throws IOException {
    home.delete();
  }

  private String namespace() {
    return instance.getMetadata().getNamespace();
  }

  private String name() {
    return namespace() + "/" + instance.getMetadata().getName();
  }
}
