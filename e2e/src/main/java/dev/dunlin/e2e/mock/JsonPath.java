package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON paths that printer columns, {@code scale} and {@code selectableFields} use: fields,
 * indexes, {@code [*]} and {@code [?(@.type=="Ready")]}.
 */
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<field>(?:\\\\.|[^.\\[\\\\])+)"
              + "|\\['(?<quoted>[^']+)'\\]"
              + "|\\[(?<index>\\d+)\\]"
              + "|(?<all>\\[\\*\\])"
              + "|\\[\\?\\(@\\.(?<key>[^=!<> ]+)\\s*==\\s*['\"](?<value>[^'\"]*)['\"]\\)\\]");

  /** Every value that the path leads to, in order. */
  static List<JsonNode> find(JsonNode object, String path) {
    List<JsonNode> found = List.of(object);
    Matcher step = STEP.matcher(path);
    int at = 0;
    while (at < path.length()) {
      if (!step.find(at) || step.start() != at) {
        throw new IllegalArgumentException(
            "JSON path '" + path + "' is not understood from character " + at);
      }
      found = take(found, step);
      at = step.end();
    }
    return found;
  }

  private static List<JsonNode> take(List<JsonNode> from, Matcher step) {
    var found = new ArrayList<JsonNode>();
    for (JsonNode node : from) {
      if (step.group("field") != null)
        found.add(node.path(step.group("field").replaceAll("\\\\(.)", "$1")));
      else if (step.group("quoted") != null) found.add(node.path(step.group("quoted")));
      else if (step.group("index") != null)
        found.add(node.path(Integer.parseInt(step.group("index"))));
      else if (step.group("all") != null) node.forEach(found::add);
      else {
        for (JsonNode item : node) {
          if (item.path(step.group("key")).asText().equals(step.group("value"))) found.add(item);
        }
      }
    }
    found.removeIf(node -> node.isMissingNode() || node.isNull());
    return found;
  }

  /** The JSON pointer of a path that has fields only. */
  static String pointer(String path) {
    return path.replace('.', '/');
  }

  private JsonPath() {}
}
