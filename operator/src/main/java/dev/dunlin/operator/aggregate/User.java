package dev.dunlin.operator.aggregate;

import java.util.List;
import java.util.Map;

/** Who asks, as the API server has found out. */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public User {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }
}
