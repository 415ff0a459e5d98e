package dev.dunlin.operator.metrics;

/** Which app. */
public record AppKey(String namespace, String name) {
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
