package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import dev.dunlin.operator.http.AppEndpoints;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.job.JobProgress;
import dev.dunlin.operator.route.Routing;
import dev.dunlin.operator.scale.Scaling;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one pass does: what should be made, changed and deleted, and when to look again.
 *
 * @param create instances to make
 * @param delete instances to take away in peace
 * @param forget instances on lost nodes, to be removed without their agent
 * @param service to be applied; null when it is right as it is, or not wanted
 * @param slice to be applied; null when it is right as it is, or not wanted
 * @param drop the Service and EndpointSlice that are ours and not wanted any more
 * @param placement what found no node and why, and who has to make room
 * @param job how the job is, for a job whose image is known
 * @param nameTaken whether somebody else's Service or EndpointSlice is in the way
 * @param deleteApp whether the job is over and its time to live too
 * @param lookAgain when time alone will change the plan
 * @param keeping which templates are kept
 * @param scaling what is done about the app's autoscaling
 * @param routing what is done about how the app is reached from outside
 * @param sharing how requests are shared out between revisions
 */
record WasmAppPlan(
    List<WasmInstance> create,
    List<Instance> delete,
    List<Instance> forget,
    @Nullable Service service,
    @Nullable EndpointSlice slice,
    List<HasMetadata> drop,
    Seating placement,
    @Nullable JobProgress job,
    boolean nameTaken,
    boolean deleteApp,
    Optional<Duration> lookAgain,
    Keeping keeping,
    Scaling scaling,
    Routing routing,
    Sharing sharing) {

  private static final Duration UNTIL_A_PORT_IS_FREE = Duration.ofSeconds(30);
  private static final Duration UNTIL_SETTLED = Duration.ofMillis(250);
  private static final Duration UNTIL_CONFIG_IS_READ = Duration.ofSeconds(1);

  WasmAppPlan {
    create = List.copyOf(create);
    delete = List.copyOf(delete);
    forget = List.copyOf(forget);
    drop = List.copyOf(drop);
  }

  /** One that keeps no templates. */
  WasmAppPlan(
      List<WasmInstance> create,
      List<Instance> delete,
      List<Instance> forget,
      @Nullable Service service,
      @Nullable EndpointSlice slice,
      List<HasMetadata> drop,
      Seating placement,
      @Nullable JobProgress job,
      boolean nameTaken,
      boolean deleteApp,
      Optional<Duration> lookAgain) {
    this(
        create,
        delete,
        forget,
        service,
        slice,
        drop,
        placement,
        job,
        nameTaken,
        deleteApp,
        lookAgain,
        Keeping.NOTHING);
  }

  /** One that does nothing beside the app. */
  WasmAppPlan(
      List<WasmInstance> create,
      List<Instance> delete,
      List<Instance> forget,
      @Nullable Service service,
      @Nullable EndpointSlice slice,
      List<HasMetadata> drop,
      Seating placement,
      @Nullable JobProgress job,
      boolean nameTaken,
      boolean deleteApp,
      Optional<Duration> lookAgain,
      Keeping keeping) {
    this(
        create,
        delete,
        forget,
        service,
        slice,
        drop,
        placement,
        job,
        nameTaken,
        deleteApp,
        lookAgain,
        keeping,
        Scaling.NONE,
        Routing.NONE,
        Sharing.NONE);
  }

  /** Decides what to do about a state. */
  static WasmAppPlan of(WasmAppState state) {
    var plan =
        switch (state.spec().workload()) {
          case HttpWorkload http -> http(state, http);
          case WorkerWorkload _ -> replicas(state);
          case JobWorkload job -> JobPlan.of(state, job);
          case CronWorkload _ -> nothing(state);
        };
    plan.create.forEach(made ->
        made.setSpec(
            made.getSpec().withResources(state.quota().effective(made.getSpec().resources()))));
    return plan.with(
        Scaling.of(state.app(), state.scalers(), state.activity()),
        Routing.of(state.app(), state.routes()));
  }

  private static WasmAppPlan http(WasmAppState state, HttpWorkload http) {
    var trial = Trial.of(state);
    var plan = trial.map(it -> TrialPlan.of(state, it)).orElseGet(() -> replicas(state));
    if (state.port().isEmpty()) return plan;
    int port = state.port().getAsInt();
    var app = state.app();
    var found = state.service();
    var foundSlice = state.slice();
    if ((found != null && !AppService.isOurs(found, app))
        || (foundSlice != null && !AppService.isOurs(foundSlice, app))) return plan.taken();
    // The registry's answer makes the next pass: it makes the instance first, and this beside it.
    if (found == null && state.image() instanceof Resolution.Resolving) return plan;
    // What this plan deletes or forgets serves no more.
    var staying = state.alive().stream().filter(i -> !plan.delete.contains(i)).toList();
    var service = AppService.of(app, http.port(), port);
    var serving = trial.map(it -> it.serving(staying)).orElse(staying);
    var slice = AppEndpoints.of(app, port, serving, state.nodes(), foundSlice);
    if (found != null) service.getMetadata().setUid(found.getMetadata().getUid());
    var newService = found != null && AppService.matches(found, service) ? null : service;
    if (slice == null || foundSlice == null) return plan.with(newService, slice, List.of());
    slice.getMetadata().setUid(foundSlice.getMetadata().getUid());
    if (AppEndpoints.matches(foundSlice, slice)) return plan.with(newService, null, List.of());
    return AppEndpoints.canBecome(foundSlice, slice)
        ? plan.with(newService, slice, List.of())
        : plan.with(newService, null, List.of(foundSlice)); // made anew once that one is gone
  }

  /** The image of what is to run, where instances of it may be made. */
  static Resolution.@Nullable Resolved known(WasmAppState state) {
    boolean http = state.spec().workload() instanceof HttpWorkload;
    return state.image() instanceof Resolution.Resolved resolved
            && (!http || state.port().isPresent())
            && state.target().mayCreate(state.status().revision())
        ? resolved
        : null;
  }

  /** Instances that go on, by the strategy, and none that is only tried. */
  static WasmAppPlan replicas(WasmAppState state) {
    boolean http = state.spec().workload() instanceof HttpWorkload;
    var target = state.target();
    var known = known(state);
    var rollout =
        Rollout.of(
            Wanted.of(
                state.spec(),
                target.hold() != Target.Hold.NONE,
                known != null,
                state.image() instanceof Resolution.Unresolved),
            state.instances().stream().map(state::replica).toList(),
            Former.of(state));
    var seats = new Seats(state);
    var create = new ArrayList<WasmInstance>();
    var forget = new ArrayList<>(forget(state));
    var progress = Progress.of(state);
    var sharing = Sharing.afterTrial(state, progress.complete());
    var delete = new ArrayList<>(sharing.delete());
    rollout.delete().stream().filter(i -> !delete.contains(i)).forEach(delete::add);
    for (var lost : rollout.again())
      if (!again(state, seats, lost, create)) { // it says what is missing, and was made from
        forget.remove(lost);
        delete.remove(lost);
      }
    if (known != null) {
      var found = seats.current(known, rollout.create());
      delete.addAll(seats.freeing(rollout.broken(), known, rollout.create() - found.size()));
      for (String node : found)
        create.add(
            Template.instance(
                state.app(),
                target,
                known,
                state.port(),
                node,
                state.standing().value(),
                Revision.suffix(state.salt(), create.size())));
      rollout.instead().stream()
          .skip(found.size())
          .forEach(like -> again(state, seats, like, create));
    }
    var keeping =
        state.image() instanceof Resolution.Resolved image
            ? Keeping.of(state, image, progress.complete())
            : Keeping.NOTHING;
    return new WasmAppPlan(
            create,
            delete,
            forget,
            null,
            null,
            http ? List.of() : unwanted(state),
            seats.placement(),
            null,
            false,
            false,
            lookAgain(state, progress),
            keeping)
        .with(sharing);
  }

  /** Makes one like that, where it finds a place. */
  private static boolean again(
      WasmAppState state, Seats seats, Instance like, List<WasmInstance> create) {
    var found = seats.like(like);
    for (String node : found)
      create.add(
          Template.again(
              state.app(), like.object(), node, Revision.suffix(state.salt(), create.size())));
    return !found.isEmpty();
  }

  /** When time alone will change what a pass does or says. */
  static Optional<Duration> lookAgain(WasmAppState state, Progress progress) {
    return Stream.of(
            state.lacksPort() ? Optional.of(UNTIL_A_PORT_IS_FREE) : retryImage(state),
            progress.untilOverdue(state),
            state.nextAvailable(),
            state.untilNextLeaves(),
            held(state.target().hold()))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  private static Optional<Duration> held(Target.Hold hold) {
    return switch (hold) {
      case SETTLING -> Optional.of(UNTIL_SETTLED);
      case READING_CONFIG -> Optional.of(UNTIL_CONFIG_IS_READ);
      case NONE, PAUSED, NO_SUCH_REVISION -> Optional.empty();
    };
  }

  private static WasmAppPlan nothing(WasmAppState state) {
    return new WasmAppPlan(
        List.of(),
        state.alive(),
        forget(state),
        null,
        null,
        unwanted(state),
        Seating.NONE,
        null,
        false,
        false,
        Optional.empty());
  }

  /** Instances on lost nodes: no agent will take their finalizers off. */
  static List<Instance> forget(WasmAppState state) {
    return state.instances().stream().filter(state::isLost).toList();
  }

  /** What an http app had and another workload has not. */
  static List<HasMetadata> unwanted(WasmAppState state) {
    var unwanted = new ArrayList<HasMetadata>();
    if (state.service() != null && AppService.isOurs(state.service(), state.app()))
      unwanted.add(state.service());
    if (state.slice() != null && AppService.isOurs(state.slice(), state.app()))
      unwanted.add(state.slice());
    return unwanted;
  }

  static Optional<Duration> retryImage(WasmAppState state) {
    return state.image() instanceof Resolution.Unresolved unresolved
        ? unresolved.retryAfter()
        : Optional.empty();
  }

  private WasmAppPlan with(
      @Nullable Service wanted, @Nullable EndpointSlice wantedSlice, List<HasMetadata> unfit) {
    return new WasmAppPlan(
        create,
        delete,
        forget,
        wanted,
        wantedSlice,
        unfit,
        placement,
        job,
        nameTaken,
        deleteApp,
        lookAgain,
        keeping,
        scaling,
        routing,
        sharing);
  }

  /** The same, where requests are shared out like that. */
  WasmAppPlan with(Sharing other) {
    return new WasmAppPlan(
        create, delete, forget, service, slice, drop, placement, job, nameTaken, deleteApp,
        lookAgain, keeping, scaling, routing, other);
  }

  private WasmAppPlan with(Scaling newScaling, Routing newRouting) {
    return new WasmAppPlan(
        create,
        delete,
        forget,
        service,
        slice,
        Stream.of(drop, newScaling.drop(), newRouting.drop()).flatMap(List::stream).toList(),
        placement,
        job,
        nameTaken,
        deleteApp,
        lookAgain,
        keeping,
        newScaling,
        newRouting,
        sharing);
  }

  private WasmAppPlan taken() {
    return new WasmAppPlan(
        create, delete, forget, null, null, drop, placement, job, true, deleteApp, lookAgain,
        keeping, scaling, routing, sharing);
  }
}
