package dev.dunlin.operator.event;

/** What an Event says. */
public record Happening(String type, String reason, String message) {
  public static Happening normal(String reason, String message) {
    return new Happening(Events.NORMAL, reason, message);
  }

  public static Happening warning(String reason, String message) {
    return new Happening(Events.WARNING, reason, message);
  }
}
