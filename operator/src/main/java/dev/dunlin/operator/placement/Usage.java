package dev.dunlin.operator.placement;

/** What the instances of a node take of it. */
public record Usage(long memoryBytes, int instances) {
  public static final Usage NONE = new Usage(0, 0);

  public Usage plus(long memory) {
    return new Usage(memoryBytes + memory, instances + 1);
  }

  public Usage minus(long memory) {
    return new Usage(memoryBytes - memory, instances - 1);
  }
}
