package dev.dunlin.e2e.bench.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** When the operator and the agent did what nobody else sees, as their logs have it. */
final class ProgramLogs {
  /** The operator's framework. */
  private static final Pattern EVENT =
      Pattern.compile("^(\\S+) Received event: .*name='([^']+)'.*$", Pattern.MULTILINE);

  /** The agent's instances: {@code hello-abc: FETCHING -> FETCHING (Pulled[])}. */
  private static final Pattern STAGE = Pattern.compile("(\\S+): \\S+ -> \\S+ \\((\\w+)\\[.*");

  private static final Map<String, String> STEPS =
      Map.of(
          "Begun", "agent saw it",
          "Pulled", "pulled",
          "Loaded", "loaded",
          "Configured", "configured",
          "Started", "port open");

  /** Microseconds since 1970, by app. */
  private final Map<String, Long> operator = new LinkedHashMap<>();

  /** The same by instance and step. */
  private final Map<String, Map<String, Long>> agent = new LinkedHashMap<>();

  ProgramLogs(Path operatorLog, Path agentLog) throws IOException {
    var event = EVENT.matcher(Files.readString(operatorLog));
    while (event.find()) operator.putIfAbsent(event.group(2), micros(event.group(1)));
    var json = new ObjectMapper();
    for (String line : Files.readAllLines(agentLog)) {
      if (!line.startsWith("{")) continue; // what the JVM says
      JsonNode entry = json.readTree(line);
      var stage = STAGE.matcher(entry.path("message").asText());
      if (!stage.matches()) continue;
      String step = STEPS.get(stage.group(2));
      if (step == null) continue;
      agent
          .computeIfAbsent(stage.group(1), it -> new LinkedHashMap<>())
          .putIfAbsent(step, micros(entry.path("time").asText()));
    }
  }

  private static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  /** Of one app and its only instance. */
  Map<String, Long> of(String app, String instance) {
    var all = new LinkedHashMap<String, Long>();
    Long seen = operator.get(app);
    if (seen != null) all.put("operator saw it", seen);
    all.putAll(agent.getOrDefault(instance, Map.of()));
    return all;
  }
}
