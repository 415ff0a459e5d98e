package dev.dunlin.operator.instance;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Termination;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.operator.config.ConfigHashes;
import dev.dunlin.operator.placement.Room;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One WasmInstance as a pass sees it.
 *
 * @param terminating whether its deletion has been asked for, by us or by anybody
 */
public record Instance(WasmInstance object, boolean terminating) {

  public static Instance of(WasmInstance object) {
    return new Instance(object, object.getMetadata().getDeletionTimestamp() != null);
  }

  public String name() {
    return object.getMetadata().getName();
  }

  public String namespace() {
    return object.getMetadata().getNamespace();
  }

  public String node() {
    return object.getSpec().nodeName();
  }

  public String revision() {
    return object.getSpec().revision();
  }

  /** Hash of the template that it was made from. */
  public String template() {
    return annotation(Api.TEMPLATE_ANNOTATION).orElseGet(this::revision);
  }

  /** What its variables were made from. */
  public ConfigHashes config() {
    return annotation(Api.CONFIG_ANNOTATION)
        .map(text -> ConfigHashes.parse(List.of(text.split(",", -1))))
        .orElse(ConfigHashes.NONE);
  }

  /** The share of its revision in the requests; empty while there is no canary. */
  public OptionalInt weight() {
    return annotation(Api.WEIGHT_ANNOTATION)
        .filter(text -> text.matches("\\d{1,3}"))
        .map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElseGet(OptionalInt::empty);
  }

  private Optional<String> annotation(String key) {
    @Nullable Map<String, String> annotations = object.getMetadata().getAnnotations();
    return Optional.ofNullable(annotations == null ? null : annotations.get(key));
  }

  public String image() {
    return object.getSpec().image();
  }

  /** The port it serves on, for http instances. */
  public OptionalInt port() {
    var http = object.getSpec().http();
    return http == null ? OptionalInt.empty() : OptionalInt.of(http.port());
  }

  /** Which run of its job it is. */
  public OptionalInt run() {
    var labels = object.getMetadata().getLabels();
    @Nullable String run = labels == null ? null : labels.get(Api.RUN_LABEL);
    return run == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(run));
  }

  public InstancePhase phase() {
    var phase = status().phase();
    return phase == null ? InstancePhase.Pending : phase;
  }

  public boolean ready() {
    return !terminating && Boolean.TRUE.equals(status().ready());
  }

  /** Whether its last run is over; it uses nothing of its node any more. */
  public boolean finished() {
    return switch (phase()) {
      case Succeeded, Failed -> true;
      case Pending, Running -> false;
    };
  }

  public List<Condition> conditions() {
    return status().conditions();
  }

  public @Nullable Termination lastTermination() {
    return status().lastTermination();
  }

  /** Since when it has been ready without a break, as its agent says; empty while it is not. */
  public Optional<Instant> readySince() {
    if (!ready()) return Optional.empty();
    var since =
        Condition.find(conditions(), "Ready")
            .filter(Condition::isTrue)
            .map(Condition::lastTransitionTime);
    return Optional.of(since.map(Instant::parse).orElseGet(this::created));
  }

  /** Whether its agent has given it up for others: it is to be replaced at once. */
  public boolean evicted() {
    @Nullable Termination last = lastTermination();
    return finished() && last != null && Reasons.EVICTED.equals(last.reason());
  }

  /** What is kept free for it. */
  public Room room() {
    return Room.requested(object.getSpec().resources());
  }

  public int priority() {
    return object.getSpec().priority();
  }

  public Instant created() {
    @Nullable String time = object.getMetadata().getCreationTimestamp();
    return time == null ? Instant.MAX : Instant.parse(time);
  }

  /** Whether the app with that uid is what it was made for. */
  public boolean madeFor(@Nullable String appUid) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> Objects.equals(owner.getUid(), appUid));
  }

  private WasmInstanceStatus status() {
    var status = object.getStatus();
    return status == null ? WasmInstanceStatus.EMPTY : status;
  }
}
