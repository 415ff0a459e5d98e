package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One observed state, with the fields and meaning of {@code meta/v1.Condition}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("Name of the state, CamelCase.") @Required String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @JsonPropertyDescription("Why, one CamelCase word for machines.") @Required String reason,
    @JsonPropertyDescription("Why, for people, and what to do.") @Required String message,
    @JsonPropertyDescription("The metadata.generation that this was observed for.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("When status last changed, RFC 3339.")
        @Nullable String lastTransitionTime) {
  public static final String TRUE = "True";
  public static final String FALSE = "False";
  public static final String UNKNOWN = "Unknown";

  @JsonIgnore
  public boolean isTrue() {
    return TRUE.equals(status);
  }

  /** The condition of that type, if there is one. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream()
        .filter(condition -> Objects.equals(condition.type(), type))
        .findFirst();
  }

  /**
   * This condition, with the transition time of {@code before} where the status is the same, else
   * {@code now}.
   */
  public Condition since(@Nullable Condition before, String now) {
    String time =
        before != null && before.status.equals(status) && before.lastTransitionTime != null
            ? before.lastTransitionTime
            : now;
    return new Condition(type, status, reason, message, observedGeneration, time);
  }
}
