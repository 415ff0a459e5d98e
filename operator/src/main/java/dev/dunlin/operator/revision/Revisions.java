package dev.dunlin.operator.revision;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All ControllerRevisions of apps as the API server will show them: what the watch has told, and
 * over it what this process is writing and the watch has not told yet.
 *
 * <p>All state is guarded by this object's lock; nothing is done under it but reading and writing
 * memory.
 */
public final class Revisions {
  /** A write that the watch has not confirmed by then never will. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final LongSupplier nanoTime;
  private final Map<String, Map<String, KeptRevision>> byApp = new HashMap<>();
  private final Map<String, Map<String, Written>> written = new HashMap<>(); // by app, by name

  /** A write under way; nothing is kept where it is a deletion. */
  private record Written(Optional<KeptRevision> kept, long at) {}

  public Revisions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** What the watch tells: what was and what is; null where there is nothing. */
  public synchronized void observe(
      @Nullable ControllerRevision before, @Nullable ControllerRevision after) {
    @Nullable ControllerRevision any = after == null ? before : after;
    if (any == null) return;
    String app = app(any.getMetadata());
    String name = any.getMetadata().getName();
    remove(written, app, name);
    remove(byApp, app, name);
    if (after != null && after.getMetadata().getDeletionTimestamp() == null)
      KeptRevision.of(after).ifPresent(kept -> put(byApp, app, name, kept));
  }

  /** To be called before one is written. */
  public synchronized void writing(KeptRevision kept) {
    put(written, app(kept), kept.name(), new Written(Optional.of(kept), nanoTime.getAsLong()));
  }

  /** To be called before one is deleted. */
  public synchronized void deleting(KeptRevision kept) {
    put(written, app(kept), kept.name(), new Written(Optional.empty(), nanoTime.getAsLong()));
  }

  /** It was neither written nor deleted after all. */
  public synchronized void notWritten(KeptRevision kept) {
    remove(written, app(kept), kept.name());
  }

  /** What is kept of an app; not of a namesake that was there before it. */
  public synchronized History of(WasmApp app) {
    String key = app.getMetadata().getNamespace() + "/" + app.getMetadata().getName();
    @Nullable Map<String, KeptRevision> observed = byApp.get(key);
    @Nullable Map<String, Written> ours = written.get(key);
    if (observed == null && ours == null) return History.NONE;
    var all = new LinkedHashMap<String, KeptRevision>();
    if (observed != null) all.putAll(observed);
    if (ours != null) {
      long oldest = nanoTime.getAsLong() - PATIENCE.toNanos();
      ours.values().removeIf(it -> it.at() - oldest < 0);
      ours.forEach((name, it) ->
          it.kept().ifPresentOrElse(kept -> all.put(name, kept), () -> all.remove(name)));
    }
    String uid = app.getMetadata().getUid();
    return new History(all.values().stream().filter(it -> it.owner().equals(uid)).toList());
  }

  private static String label(ObjectMeta meta) {
    @Nullable Map<String, String> labels = meta.getLabels();
    return labels == null ? "" : labels.getOrDefault(Api.APP_LABEL, "");
  }

  private static String app(ObjectMeta meta) {
    return meta.getNamespace() + "/" + label(meta);
  }

  private static String app(KeptRevision kept) {
    return kept.namespace() + "/" + kept.app();
  }

  private static <T> void put(Map<String, Map<String, T>> into, String app, String name, T value) {
    into.computeIfAbsent(app, key -> new HashMap<>(2)).put(name, value);
  }

  private static <T> void remove(Map<String, Map<String, T>> from, String app, String name) {
    @Nullable Map<String, T> ofApp = from.get(app);
    if (ofApp == null) return;
    ofApp.remove(name);
    if (ofApp.isEmpty()) from.remove(app);
  }
}
