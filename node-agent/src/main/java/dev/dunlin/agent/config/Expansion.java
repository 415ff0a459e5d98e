package dev.dunlin.agent.config;

import java.util.Map;

/**
 * Replaces {@code $(NAME)} by a variable's value, as Pods do: an unknown name stays as it is
 * written, {@code $$} is one dollar sign (k8s.io/kubernetes/third_party/forked/golang/expansion).
 */
final class Expansion {
  private Expansion() {}

  static String of(String text, Map<String, String> variables) {
    var out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
        i++;
        continue;
      }
      char next = text.charAt(i + 1);
      int end = next == '(' ? text.indexOf(')', i + 2) : -1;
      if (next == '$') {
        out.append('$');
        i += 2;
      } else if (end < 0) {
        // "$x" and "$(never closed" are text.
        out.append(c).append(next);
        i += 2;
      } else {
        String name = text.substring(i + 2, end);
        String value = variables.get(name);
        out.append(value == null ? "$(" + name + ")" : value);
        i = end + 1;
      }
    }
    return out.toString();
  }
}
