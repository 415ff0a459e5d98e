package dev.dunlin.agent.memory;

/**
 * An instance and its memory.
 *
 * @param requestBytes what is kept free for it
 * @param usedBytes what its guests have now
 */
public record Tenant(String uid, String name, int priority, long requestBytes, long usedBytes) {
  long overBytes() {
    return usedBytes - requestBytes;
  }

  boolean exceedsRequest() {
    return usedBytes > requestBytes;
  }
}
