package dev.dunlin.operator.access;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.cache.Watched;
import dev.dunlin.operator.instance.Instances;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets agents read what apps refer to, and nothing else: a Role and a RoleBinding in each namespace
 * that has such apps. What an instance needs is granted before it is made; what nobody refers to
 * any more, or somebody else has changed, is put right by a look at all of it, from memory, every
 * two seconds. Writes are checked by resourceVersion: of two that know different things neither
 * undoes the other.
 */
public final class AgentRights implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentRights.class);
  private static final long EVERY_MILLIS = 2_000;
  private static final int MOST_TRIES = 10;
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 413, 422);

  private final KubernetesClient client;
  private final Account agents;
  private final Supplier<Stream<WasmApp>> apps;
  private final Instances instances;
  private final Watched<Role> roles;
  private final Watched<RoleBinding> bindings;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-rights").factory());

  /** Whether all apps and instances are known: before that nothing is taken away. */
  private volatile boolean begun;

  /**
   * Prepares it.
   *
   * @param namespaces whose apps are looked after; none for all
   * @param apps all that exist
   */
  public AgentRights(
      KubernetesClient client,
      Account agents,
      Set<String> namespaces,
      Supplier<Stream<WasmApp>> apps,
      Instances instances) {
    this.client = client;
    this.agents = agents;
    this.apps = apps;
    this.instances = instances;
    roles = watched(client.rbac().roles(), namespaces);
    bindings = watched(client.rbac().roleBindings(), namespaces);
  }

  private static <T extends HasMetadata> Watched<T> watched(
      MixedOperation<T, ?, Resource<T>> all, Set<String> namespaces) {
    List<? extends Informable<T>> scopes =
        namespaces.isEmpty()
            ? List.of(all.inAnyNamespace().withLabel(ReadRole.LABEL, Api.MANAGED_BY))
            : namespaces.stream()
                .sorted()
                .map(it -> all.inNamespace(it).withLabel(ReadRole.LABEL, Api.MANAGED_BY))
                .toList();
    return new Watched<>(scopes, Map.of(), object -> {}, (before, after) -> {});
  }

  /** Begins to look; all apps and instances are known. */
  public void start() {
    begun = true;
    var _ = roles.start();
    var _ = bindings.start();
    var _ = timer.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Lets agents read what an instance refers to, before it is made.
   *
   * @throws RightsRefusedException when the API server does not want that
   */
  public void grant(WasmInstance instance) {
    String namespace = instance.getMetadata().getNamespace();
    var names = References.of(instance.getSpec());
    if (names.isEmpty() || isGranted(namespace, names)) return;
    try {
      write(namespace, names);
    } catch (KubernetesClientException e) {
      if (!REFUSALS.contains(e.getCode())) throw e;
      throw new RightsRefusedException(
          "The API server refused the Role or RoleBinding %s, by which agents read the ConfigMaps and Secrets of namespace %s that apps refer to: %s"
              .formatted(ReadRole.NAME, namespace, e.getMessage()),
          e);
    }
  }

  private boolean isGranted(String namespace, References names) {
    return ReadRole.named(roles.get(namespace, ReadRole.NAME)).contains(names)
        && ReadRole.isOf(bindings.get(namespace, ReadRole.NAME), agents);
  }

  private void look() {
    try {
      if (!roles.hasSynced() || !bindings.hasSynced()) return;
      var wanted = wanted();
      Stream.of(roles.list(), bindings.list())
          .flatMap(objects -> objects)
          .filter(object -> object.getMetadata().getName().equals(ReadRole.NAME))
          .forEach(it -> wanted.putIfAbsent(it.getMetadata().getNamespace(), References.NONE));
      wanted.forEach(this::look);
    } catch (RuntimeException e) { // the timer would stop for ever
      LOG.error("What agents may read could not be looked at; it is tried again", e);
    }
  }

  /** What is refused in one namespace keeps no other from being looked at. */
  private void look(String namespace, References names) {
    @Nullable Role role = roles.get(namespace, ReadRole.NAME);
    @Nullable RoleBinding binding = bindings.get(namespace, ReadRole.NAME);
    boolean right =
        names.isEmpty()
            ? role == null && binding == null
            : ReadRole.isOf(role, names) && ReadRole.isOf(binding, agents);
    if (right) return;
    try {
      write(namespace, References.NONE);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "Role and RoleBinding {}/{} could not be written; it is tried again: {}",
          namespace,
          ReadRole.NAME,
          e.getMessage());
    }
  }

  private Map<String, References> wanted() {
    var wanted = new HashMap<String, References>();
    apps.get()
        .forEach(it -> add(wanted, it.getMetadata().getNamespace(), References.of(it.getSpec())));
    instances
        .allWithUnconfirmed()
        .forEach(it -> add(wanted, it.getMetadata().getNamespace(), References.of(it.getSpec())));
    return wanted;
  }

  private static void add(Map<String, References> wanted, String namespace, References names) {
    if (!names.isEmpty()) wanted.merge(namespace, names, References::and);
  }

  private References wanted(String namespace) {
    return wanted().getOrDefault(namespace, References.NONE);
  }

  /**
   * Makes Role and RoleBinding what is wanted now, and those names besides. Whoever found them
   * granted in between was told so by what is about to change: hence the second look.
   */
  private void write(String namespace, References least) {
    for (int tries = 1; ; tries++) {
      try {
        var written = writeOnce(namespace, least);
        if (written.contains(wanted(namespace))) return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != 409 || tries == MOST_TRIES) throw e;
      }
    }
  }

  private References writeOnce(String namespace, References least) {
    @Nullable Role role = role(namespace).get();
    var wanted = wanted(namespace).and(least);
    if (!begun) wanted = wanted.and(ReadRole.named(role));
    if (wanted.isEmpty()) {
      binding(namespace).delete();
      role(namespace).delete();
      return wanted;
    }
    var owners = owners();
    if (!ReadRole.isOf(role, wanted)) write(ReadRole.role(namespace, wanted, owners), role);
    @Nullable RoleBinding binding = binding(namespace).get();
    if (ReadRole.isOf(binding, agents)) return wanted;
    var toBe = ReadRole.binding(namespace, agents, owners);
    if (binding != null && !binding.getRoleRef().equals(toBe.getRoleRef())) {
      binding(namespace).delete(); // what it refers to cannot be changed
      binding = null;
    }
    write(toBe, binding);
    return wanted;
  }

  private <T extends HasMetadata> void write(T wanted, @Nullable T before) {
    if (before == null) {
      client.resource(wanted).create();
      return;
    }
    wanted.getMetadata().setResourceVersion(before.getMetadata().getResourceVersion());
    client.resource(wanted).update();
  }

  private Resource<Role> role(String namespace) {
    return client.rbac().roles().inNamespace(namespace).withName(ReadRole.NAME);
  }

  private Resource<RoleBinding> binding(String namespace) {
    return client.rbac().roleBindings().inNamespace(namespace).withName(ReadRole.NAME);
  }

  /** What is gone with its owner needs nobody who takes it away when Dunlin is uninstalled. */
  private List<OwnerReference> owners() {
    return agents.owner().stream()
        .map(name -> client.rbac().clusterRoles().withName(name).get())
        .filter(it -> it != null)
        .map(it ->
            new OwnerReferenceBuilder()
                .withApiVersion(it.getApiVersion())
                .withKind(it.getKind())
                .withName(it.getMetadata().getName())
                .withUid(it.getMetadata().getUid())
                .build())
        .toList();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    roles.close();
    bindings.close();
  }
}
