package dev.dunlin.operator.quota;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why instances are not made, until the quota or what is used of it changes.
 *
 * @param count how many
 */
public record Held(String reason, String message, int count) {
  private static final String EXCEEDED = "exceeded quota: ";
  private static final Pattern USED = Pattern.compile("used: .*, limited: ");

  /**
   * The words that were used before, where only what is used differs: that changes with every other
   * app, and is no news to this one.
   */
  public String message(Stream<String> before) {
    String still = still(message);
    return before
        .filter(text -> text.contains(EXCEEDED))
        .map(text -> text.substring(text.indexOf(EXCEEDED)))
        .filter(text -> still(text).equals(still))
        .findFirst()
        .orElse(message);
  }

  private static String still(String text) {
    return USED.matcher(text).replaceFirst("limited: ");
  }
}
