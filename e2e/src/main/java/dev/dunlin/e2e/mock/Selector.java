package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which objects a list or a watch is about: {@code labelSelector} and {@code fieldSelector}. */
final class Selector {
  private static final Pattern SET =
      Pattern.compile("(?<key>\\S+)\\s+(?<op>in|notin)\\s*\\((?<values>[^)]*)\\)");
  private static final Pattern EQUALITY =
      Pattern.compile("(?<key>[^=!\\s]+)\\s*(?<op>==|!=|=)\\s*(?<value>.*)");

  /** What both selectors let through; refuses a field that the kind cannot select by. */
  static Predicate<JsonNode> of(Kind kind, String labelSelector, String fieldSelector) {
    Predicate<JsonNode> all = object -> true;
    for (String term : terms(labelSelector)) all = all.and(label(term));
    for (String term : terms(fieldSelector)) all = all.and(field(kind, term));
    return all;
  }

  private static Predicate<JsonNode> label(String term) {
    Matcher set = SET.matcher(term);
    if (set.matches()) {
      var values = Set.copyOf(Arrays.asList(set.group("values").trim().split("\\s*,\\s*", -1)));
      boolean in = set.group("op").equals("in");
      return object -> {
        String value = Meta.labels(object).get(set.group("key"));
        return in
            ? value != null && values.contains(value)
            : value == null || !values.contains(value);
      };
    }
    Matcher equality = EQUALITY.matcher(term);
    if (equality.matches()) {
      boolean equal = !equality.group("op").equals("!=");
      return object ->
          equal == equality.group("value").equals(Meta.labels(object).get(equality.group("key")));
    }
    return term.startsWith("!")
        ? object -> !Meta.labels(object).containsKey(term.substring(1).trim())
        : object -> Meta.labels(object).containsKey(term);
  }

  private static Predicate<JsonNode> field(Kind kind, String term) {
    Matcher equality = EQUALITY.matcher(term);
    if (!equality.matches()) throw ApiError.badRequest("invalid field selector: " + term);
    String field = equality.group("key");
    boolean known =
        field.equals("metadata.name")
            || (field.equals("metadata.namespace") && kind.namespaced())
            || kind.selectableFields().contains("." + field);
    if (!known) {
      throw ApiError.badRequest(
          "field label not supported: " + field + " (" + kind.qualifiedName() + ")");
    }
    boolean equal = !equality.group("op").equals("!=");
    String pointer = "/" + field.replace('.', '/');
    return object -> equal == object.at(pointer).asText("").equals(equality.group("value"));
  }

  /** Splits at commas that are not inside brackets. */
  private static List<String> terms(String selector) {
    var terms = new ArrayList<String>();
    int depth = 0;
    int from = 0;
    for (int at = 0; at <= selector.length(); at++) {
      char c = at < selector.length() ? selector.charAt(at) : ',';
      if (c == '(') depth++;
      if (c == ')') depth--;
      if (c == ',' && (depth == 0 || at == selector.length())) {
        String term = selector.substring(from, at).trim();
        if (!term.isEmpty()) terms.add(term);
        from = at + 1;
      }
    }
    return terms;
  }

  private Selector() {}
}
