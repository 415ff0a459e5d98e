package dev.dunlin.e2e.metrics;

import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A metric with all its series.
 *
 * @param labels but {@code le}
 */
record Family(String name, String type, Set<String> labels) {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SERIES = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| ([^|]+) \\| ([^|]*)\\| ([^|]+) \\|");

  /** Those of Dunlin's own in Prometheus' text format. */
  static List<Family> exported(String text) {
    var types = new TreeMap<String, String>();
    var labels = new TreeMap<String, Set<String>>();
    for (String line : text.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher series = SERIES.matcher(line);
      if (type.matches()) {
        types.put(type.group(1), type.group(2));
      } else if (series.matches()) {
        String name = familyOf(series.group(1), types);
        String pairs = series.group(2) == null ? "" : series.group(2);
        Set<String> found = labels.computeIfAbsent(name, _ -> new TreeSet<>());
        LABEL.matcher(pairs).results().forEach(label -> found.add(label.group(1)));
        found.remove("le");
      }
    }
    return types.keySet().stream()
        .filter(name -> name.startsWith("dunlin_"))
        .map(name ->
            new Family(
                name, types.getOrDefault(name, "untyped"), labels.getOrDefault(name, Set.of())))
        .toList();
  }

  /** Those of a section of docs/metrics.md. */
  static List<Family> onThePage(String section) throws IOException {
    String page = Files.readString(Repository.root().resolve("docs/metrics.md"));
    int begin = page.indexOf("\n## " + section + "\n");
    if (begin < 0) throw new IllegalArgumentException("docs/metrics.md has no section " + section);
    int end = page.indexOf("\n## ", begin + 1);
    var found = new ArrayList<Family>();
    ROW.matcher(page.substring(begin, end))
        .results()
        .forEach(row ->
            found.add(
                new Family(
                    row.group(1),
                    row.group(2),
                    new TreeSet<>(
                        Arrays.stream(row.group(4).split(",", -1))
                            .map(String::strip)
                            .filter(label -> !label.isEmpty())
                            .toList()))));
    return found;
  }

  /** All of the page, by the names that series have. */
  static Map<String, Family> bySeries() throws IOException {
    var series = new TreeMap<String, Family>();
    for (String section : List.of("Of apps", "Of agents", "Of the operator")) {
      for (Family family : onThePage(section)) {
        for (String name : family.series()) series.put(name, family);
      }
    }
    return series;
  }

  private List<String> series() {
    return switch (type) {
      case "histogram" -> List.of(name + "_bucket", name + "_sum", name + "_count");
      case "summary" -> List.of(name + "_sum", name + "_count");
      default -> List.of(name);
    };
  }

  private static String familyOf(String series, Map<String, String> types) {
    for (String suffix : List.of("_bucket", "_sum", "_count")) {
      if (series.endsWith(suffix)) {
        String base = series.substring(0, series.length() - suffix.length());
        if (types.containsKey(base)) return base;
      }
    }
    return series;
  }
}
