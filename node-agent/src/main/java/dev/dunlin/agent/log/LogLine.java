package dev.dunlin.agent.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * How a line is kept: as kubelet's container logs are (Container Runtime Interface), {@code TIME
 * STREAM TAG TEXT}, where the tag is F for a whole line and P for a piece of one that goes on. Its
 * times have all nine digits, so that their order is that of their bytes.
 */
final class LogLine {
  static final int TIME_LENGTH = 30;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

  private LogLine() {}

  static byte[] of(Instant time, String stream, String text, boolean whole) {
    return (time(time) + " " + stream + (whole ? " F " : " P ") + text + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  static String time(Instant time) {
    return TIME.format(time);
  }

  /**
   * Where the tag of the kept line is that begins at {@code from}; -1 if there is no such thing.
   */
  static int tag(byte[] bytes, int from, int end) {
    int at = from + TIME_LENGTH;
    if (at >= end || bytes[at] != ' ') {
      return -1;
    }
    for (int i = at + 1; i < end - 2; i++) {
      if (bytes[i] == ' ') {
        return bytes[i + 2] == ' ' ? i + 1 : -1;
      }
    }
    return -1;
  }

  /** Whether the kept line that begins at {@code from} is older than {@code time}. */
  static boolean isBefore(byte[] bytes, int from, byte[] time) {
    for (int i = 0; i < TIME_LENGTH; i++) {
      if (bytes[from + i] != time[i]) {
        return bytes[from + i] < time[i];
      }
    }
    return false;
  }
}
