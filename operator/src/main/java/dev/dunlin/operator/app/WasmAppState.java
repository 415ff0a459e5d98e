package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Nodes;
import dev.dunlin.operator.quota.NamespaceQuota;
import dev.dunlin.operator.revision.History;
import dev.dunlin.operator.route.RoutesFound;
import dev.dunlin.operator.scale.Activity;
import dev.dunlin.operator.scale.Scalers;
import dev.dunlin.operator.scale.ZeroWay;
import dev.dunlin.operator.volume.VolumeView;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one pass over a {@link WasmApp} knows.
 *
 * @param salt what the names of new instances are drawn from
 * @param target what is to run
 * @param history the templates that the app has had
 * @param image of what is to run
 * @param port the app's port on every agent; empty when it needs none or none is left
 * @param instances all that exist of the app, our own unconfirmed writes included
 * @param standing how the app ranks among others
 * @param quota of the app's namespace
 * @param service of the app's name, whoever made it
 * @param slice of the app's name, whoever made it
 * @param volumes the WasmVolumes that the app or its instances refer to
 * @param retryDelay before a job's first run after a failure
 * @param scalers HorizontalPodAutoscalers that have to do with the app
 * @param routes what of the app's name leads to apps from outside
 * @param canary what is known of a template that is tried
 */
record WasmAppState(
    WasmApp app,
    Instant now,
    long salt,
    Target target,
    History history,
    Resolution image,
    OptionalInt port,
    List<Instance> instances,
    Nodes nodes,
    Standing standing,
    NamespaceQuota quota,
    @Nullable Service service,
    @Nullable EndpointSlice slice,
    VolumeView volumes,
    Duration retryDelay,
    Scalers scalers,
    RoutesFound routes,
    CanaryView canary) {

  WasmAppState {
    instances = List.copyOf(instances);
  }

  /** The same moment, where another template is to run, and there are only those instances. */
  WasmAppState running(Target other, Resolution ofOther, Standing asOther, List<Instance> only) {
    return new WasmAppState(
        app,
        now,
        salt,
        other,
        history,
        ofOther,
        port,
        only,
        nodes,
        asOther,
        quota,
        service,
        slice,
        volumes,
        retryDelay,
        scalers,
        routes,
        CanaryView.NONE);
  }

  /** The same moment with only those instances. */
  WasmAppState with(List<Instance> only) {
    return running(target, image, standing, only);
  }

  /** What is asked for; where an older template is to run, with that in it. */
  WasmAppSpec spec() {
    return target.spec();
  }

  /** How many instances there are to be; at zero the one that stands by. */
  int replicas() {
    return ZeroWay.instances(spec());
  }

  /** Whether what there is of the app stands by, and is counted nowhere. */
  boolean isAtZero() {
    return ZeroWay.isAtZero(spec());
  }

  /** What the app's ready instances do. */
  Activity activity() {
    return Activity.of(alive().stream().filter(this::isReady).toList());
  }

  /** What instances carry that are of what is to run. */
  String revision() {
    return target.revision();
  }

  /** Hash of the template that is to run. */
  String template() {
    return target.template();
  }

  WasmAppStatus status() {
    return status(app);
  }

  static WasmAppStatus status(WasmApp app) {
    var status = app.getStatus();
    return status == null ? WasmAppStatus.EMPTY : status;
  }

  Optional<Condition> condition(String type) {
    return Condition.find(status().conditions(), type);
  }

  /** Whether the app needs a port and no port is left. */
  boolean lacksPort() {
    return port.isEmpty() && spec().workload() instanceof HttpWorkload;
  }

  /** Whether the status speaks of the template as it is now. */
  boolean rolledTo() {
    return template().equals(status().revision());
  }

  /** Nodes whose instances are gone: their agent is, or the node was deleted. */
  boolean isLost(Instance instance) {
    @Nullable Node node = nodes.get(instance.node());
    return node == null || node.isLost(now);
  }

  /** Instances that are there to stay: neither going nor lost. */
  List<Instance> alive() {
    return instances.stream().filter(i -> !i.terminating() && !isLost(i)).toList();
  }

  /** Whether an instance is of the template as it is now, and on the app's port. */
  boolean isCurrent(Instance instance) {
    return instance.revision().equals(revision())
        && (port.isEmpty() || Objects.equals(instance.port(), port));
  }

  /** Whether an instance answers or runs, as far as anybody can know: its node must live too. */
  boolean isReady(Instance instance) {
    @Nullable Node node = nodes.get(instance.node());
    return instance.ready() && node != null && node.ready();
  }

  /** Whether it has been ready for minReadySeconds. */
  boolean isAvailable(Instance instance) {
    return isReady(instance) && !untilAvailable(instance).isPositive();
  }

  /** How long an instance that is ready has still to be so until it counts as available. */
  private Duration untilAvailable(Instance instance) {
    return instance
        .readySince()
        .map(since -> Duration.between(now, since.plusSeconds(spec().minReadySeconds())))
        .orElse(Duration.ZERO);
  }

  /** When time alone will make an instance available. */
  Optional<Duration> nextAvailable() {
    if (spec().minReadySeconds() == 0) return Optional.empty();
    return alive().stream()
        .filter(this::isReady)
        .map(this::untilAvailable)
        .filter(Duration::isPositive)
        .min(Comparator.naturalOrder());
  }

  /** Those of them that a status counts. */
  List<Instance> counted() {
    return isAtZero() ? List.of() : alive();
  }

  /** An instance as a roll-out sees it. */
  Replica replica(Instance instance) {
    return new Replica(
        instance,
        isCurrent(instance),
        isLost(instance),
        isLeaving(instance),
        isAvailable(instance));
  }

  /** Whether an instance is to be elsewhere: its node is drained, cordoned, or taints say so. */
  boolean isLeaving(Instance instance) {
    @Nullable Node node = nodes.get(instance.node());
    return node != null
        && node.isToBeLeft()
        && Template.choice(instance.object()).leaves(node, there(instance), now);
  }

  /** Whether a NoExecute taint ends an instance now. */
  boolean mustLeave(Instance instance) {
    return leavesAt(instance).filter(at -> !at.isAfter(now)).isPresent();
  }

  /** When the next instance has been tolerated on its node for long enough. */
  Optional<Duration> untilNextLeaves() {
    return alive().stream()
        .flatMap(i -> leavesAt(i).stream())
        .filter(at -> at.isAfter(now))
        .min(Comparator.naturalOrder())
        .map(at -> Duration.between(now, at));
  }

  private Optional<Instant> leavesAt(Instance instance) {
    @Nullable Node node = nodes.get(instance.node());
    return node == null || node.taints().isEmpty()
        ? Optional.empty()
        : Template.choice(instance.object()).endOn(node, there(instance));
  }

  private Instant there(Instance instance) {
    return instance.created().isBefore(now) ? instance.created() : now;
  }
}
