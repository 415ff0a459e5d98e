package dev.dunlin.operator.config;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the variables of an instance are made from, each ConfigMap and Secret by a hash of it. Pure.
 *
 * @param entries by what names the object in the app
 */
public record ConfigHashes(SortedMap<String, String> entries) {
  public static final ConfigHashes NONE = new ConfigHashes(new TreeMap<>());

  public ConfigHashes {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /**
   * What an instance made now would see; empty while that is not known. What has been deleted, or
   * cannot be read for now, counts as what it was when the running instances were made: losing it
   * restarts nothing.
   */
  public static Optional<ConfigHashes> of(
      List<ConfigRef> refs, Function<ConfigRef, Content> contents, ConfigHashes running) {
    var found = refs.stream().map(contents).toList(); // all of them: who is asked is watched
    var entries = new TreeMap<String, String>();
    for (int i = 0; i < refs.size(); i++) {
      var ref = refs.get(i);
      String was = running.entries.getOrDefault(ref.id(), "");
      switch (found.get(i)) {
        case Content.Present it -> entries.put(ref.id(), it.hash(ref));
        case Content.Absent _ -> {
          if (!was.isEmpty()) entries.put(ref.id(), was);
        }
        case Content.Unknown _ -> {
          if (was.isEmpty()) return Optional.empty();
          entries.put(ref.id(), was);
        }
      }
    }
    return Optional.of(new ConfigHashes(entries));
  }

  /** Those of which some text tells. */
  public static ConfigHashes parse(Collection<String> texts) {
    var entries = new TreeMap<String, String>();
    for (String text : texts) {
      int equals = text.lastIndexOf('=');
      if (equals > 0) entries.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return new ConfigHashes(entries);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** As an annotation has it. */
  public String text() {
    return entries.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }
}
