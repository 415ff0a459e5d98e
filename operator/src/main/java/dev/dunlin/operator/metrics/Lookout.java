package dev.dunlin.operator.metrics;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows which apps are to be read, and where they are: while this operator leads from what it
 * watches anyway, else from watches of its own, which there are only while somebody asks.
 */
public final class Lookout implements AgentReadings.Subject {
  private record Term(Whereabouts whereabouts, Supplier<Collection<AppKey>> standing) {}

  private final Supplier<OwnWatch> watch;
  private @Nullable Term term; // guarded by this
  private @Nullable OwnWatch own; // guarded by this

  /**
   * One that does not lead.
   *
   * @param namespaces to look into; none for all
   */
  public Lookout(KubernetesClient client, Set<String> namespaces) {
    this.watch = () -> new OwnWatch(client, namespaces);
  }

  /**
   * This operator leads from now on.
   *
   * @param standing apps that are to be read though nobody asks
   */
  public synchronized void lead(Whereabouts whereabouts, Supplier<Collection<AppKey>> standing) {
    term = new Term(whereabouts, standing);
    rest();
  }

  /** It does not lead any more. */
  public synchronized void follow() {
    term = null;
  }

  @Override
  public synchronized Collection<AppKey> standing() {
    return term == null ? List.of() : term.standing().get();
  }

  @Override
  public synchronized Whereabouts whereabouts() {
    if (term != null) return term.whereabouts();
    if (own == null) own = watch.get();
    return own;
  }

  @Override
  public synchronized void rest() {
    if (own != null) own.close();
    own = null;
  }
}
