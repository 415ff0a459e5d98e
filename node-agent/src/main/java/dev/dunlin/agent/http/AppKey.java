package dev.dunlin.agent.http;

/** The app whose instances share a port. */
public record AppKey(String namespace, String name) {
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
