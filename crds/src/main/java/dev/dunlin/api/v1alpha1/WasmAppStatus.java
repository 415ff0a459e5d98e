package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far the operator got with a {@link WasmApp}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WasmAppStatus(
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Instances that exist; not the one that stands by while autoscaling keeps the app at 0.")
        @Nullable Integer replicas,
    @JsonPropertyDescription("Instances that are ready.") @Nullable Integer readyReplicas,
    @JsonPropertyDescription("Instances of the template that spec asks for.")
        @Nullable Integer updatedReplicas,
    @JsonPropertyDescription("Instances that are ready and reachable.")
        @Nullable Integer availableReplicas,
    @JsonPropertyDescription("Instances wanted that are not available.")
        @Nullable Integer unavailableReplicas,
    @JsonPropertyDescription("What /scale reports; it matches no Pod.") @Nullable String selector,
    @JsonPropertyDescription("The image by digest, resolved once for the current revision.")
        @Nullable String image,
    @JsonPropertyDescription(
            "Engine features that the image needs, as far as the registry tells; only nodes that have them all are given instances.")
        List<String> features,
    @JsonPropertyDescription("Hash of the template that is rolled out.") @Nullable String revision,
    @JsonPropertyDescription(
            "Number of that revision; its template is kept in a ControllerRevision.")
        @Nullable Long revisionNumber,
    @JsonPropertyDescription(
            "Hash of the template that was rolled out wholly the last time: what goes on serving through a bad roll-out.")
        @Nullable String currentRevision,
    @JsonPropertyDescription(
            "When the roll-out under way last got further; progressDeadlineSeconds counts from here.")
        @Nullable String lastProgressTime,
    @JsonPropertyDescription("Where the app answers inside the cluster (http apps).")
        @Nullable String url,
    @JsonPropertyDescription("The app's port on every agent (http apps).") @Nullable Integer port,
    @JsonPropertyDescription("A job's runs and times.") @Nullable JobStatus job,
    @JsonPropertyDescription("What a schedule has done (cron).") @Nullable CronStatus cron,
    @JsonPropertyDescription("How far the canary is (strategy Canary).")
        @Nullable CanaryStatus canary,
    @JsonPropertyDescription(
            "Ready, Available, Progressing, Resolved, with these fields Autoscaling and Route; for a job also Complete, Failed, FailureTarget and Suspended.")
        List<Condition> conditions) {
  public static final WasmAppStatus EMPTY =
      new WasmAppStatus(
          null, null, null, null, null, null, null, null, List.of(), null, null, null, null, null,
          null, null, null, null, List.of());

  public WasmAppStatus {
    features = Lists.copy(features);
    conditions = Lists.copy(conditions);
  }

  /** One like this, to be changed before it is made. */
  public WasmAppStatusBuilder edit() {
    return new WasmAppStatusBuilder(this);
  }
}
