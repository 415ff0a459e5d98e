package dev.dunlin.e2e.app;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes that the API server has taken so far, by resource, of whomever; from its own metrics. */
record ApiWrites(Map<String, Long> byResource) {
  private static final Pattern SERIES =
      Pattern.compile("^apiserver_request_total\\{(.*)} ([0-9.e+]+)$", Pattern.MULTILINE);
  private static final Pattern WRITE =
      Pattern.compile("verb=\"(POST|PUT|PATCH|APPLY|DELETE|DELETECOLLECTION)\"");
  private static final Pattern RESOURCE = Pattern.compile("resource=\"([^\"]*)\"");

  static ApiWrites until(Apps apps) {
    var sums = new TreeMap<String, Long>();
    Matcher series = SERIES.matcher(apps.client().raw("/metrics"));
    while (series.find()) {
      Matcher resource = RESOURCE.matcher(series.group(1));
      if (!WRITE.matcher(series.group(1)).find() || !resource.find()) continue;
      sums.merge(resource.group(1), (long) Double.parseDouble(series.group(2)), Long::sum);
    }
    return new ApiWrites(sums);
  }

  /** Those of apps and what is made for them: Leases and nodes write all the time. */
  long ofApps() {
    return byResource.entrySet().stream()
        .filter(entry ->
            !entry.getKey().equals("leases")
                && !entry.getKey().equals("wasmnodes")
                && !entry.getKey().endsWith("reviews"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  long of(String resource) {
    return byResource.getOrDefault(resource, 0L);
  }

  /** What came since then. */
  ApiWrites since(ApiWrites then) {
    var more = new TreeMap<String, Long>(byResource);
    then.byResource.forEach((resource, count) -> more.merge(resource, -count, Long::sum));
    more.values().removeIf(count -> count == 0);
    return new ApiWrites(more);
  }
}
