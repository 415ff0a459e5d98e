package dev.dunlin.operator.port;

/**
 * An app's word that a port is its own. Where two claim the same, the earlier {@code since} has it,
 * then the lesser {@code uid}.
 *
 * @param port 0 when it claims none
 */
public record PortClaim(String uid, String since, int port) implements Comparable<PortClaim> {
  @Override
  public int compareTo(PortClaim other) {
    int order = since.compareTo(other.since);
    return order != 0 ? order : uid.compareTo(other.uid);
  }
}
