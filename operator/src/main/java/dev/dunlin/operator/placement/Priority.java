package dev.dunlin.operator.placement;

/**
 * How an app ranks among others, by its PriorityClass.
 *
 * @param preempts whether it may take the place of lower ones
 */
public record Priority(int value, boolean preempts) {
  /** Without a PriorityClass. */
  public static final Priority NORMAL = new Priority(0, true);
}
