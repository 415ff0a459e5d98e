package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.RollbackTo;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import dev.dunlin.operator.config.ConfigHashes;
import dev.dunlin.operator.config.ConfigRef;
import dev.dunlin.operator.config.Content;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.revision.History;
import dev.dunlin.operator.revision.KeptRevision;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What of an app is to run. Pure.
 *
 * @param spec the template that is to run, with everything else as the user asks for it now
 * @param template hash of that template: the name of its ControllerRevision
 * @param config what its variables are made from
 * @param hold why what runs is kept as it is for now
 */
record Target(WasmAppSpec spec, String template, ConfigHashes config, Hold hold) {

  /** Why nothing is rolled out. */
  enum Hold {
    NONE,
    /** The user says so. */
    PAUSED,
    /** The user asks for a revision that there is not. */
    NO_SUCH_REVISION,
    /** Another template was begun a moment ago. */
    SETTLING,
    /** The ConfigMaps and Secrets of its variables are being read. */
    READING_CONFIG
  }

  /** Of an app that has none but the user's own template. */
  static Target of(WasmAppSpec spec) {
    return new Target(spec, Revision.of(spec), ConfigHashes.NONE, Hold.NONE);
  }

  /**
   * Decides what is to run.
   *
   * @param rolledOut hash of the template that was rolled out last, as far as is known
   * @param instances all that exist
   * @param contents what ConfigMaps and Secrets say
   * @param mayWait whether what does not run yet has to wait a moment, by its revision
   */
  static Target of(
      WasmAppSpec spec,
      History history,
      @Nullable String rolledOut,
      List<Instance> instances,
      Function<ConfigRef, Content> contents,
      Predicate<String> mayWait) {
    return switch (spec.workload()) {
      case JobWorkload _ -> of(spec);
      case CronWorkload _ -> of(spec);
      case HttpWorkload _ -> replicas(spec, history, rolledOut, instances, contents, mayWait);
      case WorkerWorkload _ -> replicas(spec, history, rolledOut, instances, contents, mayWait);
    };
  }

  private static Target replicas(
      WasmAppSpec spec,
      History history,
      @Nullable String rolledOut,
      List<Instance> instances,
      Function<ConfigRef, Content> contents,
      Predicate<String> mayWait) {
    var target = template(spec, history, rolledOut, instances).with(instances, contents);
    boolean waits = target.hold == Hold.NONE && !target.serves(instances);
    return waits && mayWait.test(target.revision())
        ? held(Hold.SETTLING, spec, history, rolledOut, instances).with(instances, contents)
        : target;
  }

  private boolean serves(List<Instance> instances) {
    String revision = revision();
    return instances.stream().anyMatch(i -> i.ready() && i.revision().equals(revision));
  }

  private static Target template(
      WasmAppSpec spec, History history, @Nullable String rolledOut, List<Instance> instances) {
    if (Boolean.TRUE.equals(spec.paused()))
      return held(Hold.PAUSED, spec, history, rolledOut, instances);
    @Nullable RollbackTo pin = spec.rollbackTo();
    if (pin == null) return of(spec);
    return history
        .numbered(pin.revision())
        .map(it -> of(spec, it))
        .orElseGet(() -> held(Hold.NO_SUCH_REVISION, spec, history, rolledOut, instances));
  }

  /**
   * Hash of the template that the user asks for; empty where it is a revision that there is not.
   */
  static Optional<String> asked(WasmAppSpec spec, History history) {
    @Nullable RollbackTo pin = spec.rollbackTo();
    return pin == null
        ? Optional.of(Revision.of(spec))
        : history.numbered(pin.revision()).map(KeptRevision::template);
  }

  /** A template that was kept, made as it is now. */
  static Target of(WasmAppSpec spec, KeptRevision kept) {
    return new Target(
        Revision.with(spec, kept.spec()), kept.template(), ConfigHashes.NONE, Hold.NONE);
  }

  /**
   * What goes on serving while this is tried: the template that was rolled out wholly the last
   * time, where it is kept and another one.
   */
  Optional<Target> stable(
      WasmAppSpec asked,
      History history,
      @Nullable String current,
      List<Instance> instances,
      Function<ConfigRef, Content> contents) {
    return current == null || current.equals(template)
        ? Optional.empty()
        : history.of(current).map(kept -> of(asked, kept).with(instances, contents));
  }

  /** The template that was rolled out last, or else the newest one that runs, is kept. */
  private static Target held(
      Hold hold,
      WasmAppSpec spec,
      History history,
      @Nullable String rolledOut,
      List<Instance> instances) {
    var own = of(spec);
    var last = rolledOut == null ? Optional.<KeptRevision>empty() : history.of(rolledOut);
    if (last.isEmpty() && own.template.equals(rolledOut))
      return new Target(spec, own.template, ConfigHashes.NONE, hold);
    var kept =
        last.or(() ->
            history.kept().reversed().stream()
                .filter(it -> instances.stream().anyMatch(i -> i.template().equals(it.template())))
                .findFirst());
    var target = kept.map(it -> of(spec, it)).orElse(own);
    return new Target(target.spec, target.template, ConfigHashes.NONE, hold);
  }

  private Target with(List<Instance> instances, Function<ConfigRef, Content> contents) {
    var refs = ConfigRef.of(spec);
    if (refs.isEmpty()) return this;
    var running =
        instances.stream()
            .filter(i -> !i.terminating() && i.template().equals(template))
            .max(Comparator.comparing(Instance::created).thenComparing(Instance::name))
            .map(Instance::config);
    boolean restarts = Boolean.TRUE.equals(spec.restartOnConfigChange());
    if (running.isPresent() && (hold != Hold.NONE || !restarts)) return with(running.get(), hold);
    if (!restarts) return this;
    return ConfigHashes.of(refs, contents, running.orElse(ConfigHashes.NONE))
        .map(it -> with(it, hold))
        .orElseGet(() -> with(running.orElse(ConfigHashes.NONE), Hold.READING_CONFIG));
  }

  private Target with(ConfigHashes newConfig, Hold newHold) {
    return new Target(spec, template, newConfig, newHold);
  }

  /** What instances carry that are made of it. */
  String revision() {
    return config.isEmpty() ? template : Revision.of(template, config.text());
  }

  /** Whether instances of it may be made. */
  boolean mayCreate(@Nullable String rolledOut) {
    return switch (hold) {
      case NONE -> true;
      case PAUSED, NO_SUCH_REVISION, SETTLING -> Objects.equals(template, rolledOut);
      case READING_CONFIG -> false;
    };
  }
}
