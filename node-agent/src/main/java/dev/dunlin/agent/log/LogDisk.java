package dev.dunlin.agent.log;

import java.time.Duration;

/**
 * How much of the disk logs may take.
 *
 * @param fileBytes a file that is larger is followed by another one
 * @param files of one run, at the most; the oldest goes
 * @param totalBytes of all instances; beyond it the largest log loses its oldest file
 * @param keepGone how long the log of an instance that is gone is kept
 */
public record LogDisk(long fileBytes, int files, long totalBytes, Duration keepGone) {
  public static final LogDisk DEFAULT = new LogDisk(10 << 20, 5, 1L << 30, Duration.ofMinutes(10));

  public LogDisk {
    if (fileBytes < 1 || files < 1 || totalBytes < fileBytes) {
      throw new IllegalArgumentException(
          "--log-max-size, --log-max-files, --log-disk: expected at least 1 byte, 1 file, and disk for one file; found %d, %d, %d"
              .formatted(fileBytes, files, totalBytes));
    }
  }
}
