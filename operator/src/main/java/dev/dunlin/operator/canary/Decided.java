package dev.dunlin.operator.canary;

import dev.dunlin.api.v1alpha1.CanaryStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process has decided of canaries, over what an app's status says: that may be from
 * before, for the watch is behind, or a write of it has failed. So nobody begins a step twice, or
 * tries again what was found bad a moment ago.
 *
 * <p>The map is guarded by this object's lock.
 */
public final class Decided {
  private static final int FORGETTING_FROM = 1000;

  private final Map<String, CanaryStatus> byUid = new HashMap<>();
  private int forgetFrom = FORGETTING_FROM;

  /** What holds of an app. */
  public synchronized @Nullable CanaryStatus of(String uid, @Nullable CanaryStatus said) {
    return byUid.getOrDefault(uid, said);
  }

  /**
   * From now on that holds; null: what the status says.
   *
   * @param all uids of the apps that there are
   */
  public synchronized void decide(
      String uid, @Nullable CanaryStatus status, Supplier<Set<String>> all) {
    if (status == null) {
      byUid.remove(uid);
      return;
    }
    byUid.put(uid, status);
    if (byUid.size() <= forgetFrom) return;
    byUid.keySet().retainAll(all.get());
    forgetFrom = Math.max(FORGETTING_FROM, 2 * byUid.size());
  }
}
