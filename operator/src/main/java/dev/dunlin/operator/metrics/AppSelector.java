package dev.dunlin.operator.metrics;

import dev.dunlin.api.v1alpha1.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which apps of a namespace are meant: a label selector that may also name apps, as if each had its
 * name as the label {@code dunlin.dev/app}.
 *
 * @param names empty: whatever it is called
 * @param labels what the API server is to select by
 */
record AppSelector(Optional<Set<String>> names, String labels) {
  private static final Pattern PARTS = Pattern.compile(",(?![^(]*\\))");
  private static final Pattern NAMED =
      Pattern.compile(
          "\\s*" + Pattern.quote(Api.APP_LABEL) + "\\s*(?:==?\\s*(.+)|\\s+in\\s*\\((.*)\\))\\s*");

  static AppSelector parse(String text) {
    Optional<Set<String>> names = Optional.empty();
    List<String> labels = new ArrayList<>();
    for (String part : PARTS.split(text, -1)) {
      Matcher named = NAMED.matcher(part);
      if (part.isBlank()) continue;
      if (!named.matches()) labels.add(part);
      else {
        Set<String> these = listed(named.group(1) == null ? named.group(2) : named.group(1));
        names = Optional.of(names.map(before -> both(before, these)).orElse(these));
      }
    }
    return new AppSelector(names, String.join(",", labels));
  }

  boolean means(String app) {
    return names.isEmpty() || names.get().contains(app);
  }

  private static Set<String> listed(String list) {
    return Stream.of(list.split(",", -1)).map(String::strip).collect(Collectors.toSet());
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    return one.stream().filter(other::contains).collect(Collectors.toSet());
  }
}
