package dev.dunlin.oci;

/** User name and password (or access token) for one registry. */
public record Credentials(String username, String password) {
  @Override
  public String toString() {
    return "Credentials[" + username + ", ***]";
  }
}
