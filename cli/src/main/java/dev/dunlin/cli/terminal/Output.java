package dev.dunlin.cli.terminal;

import picocli.CommandLine.Option;

/** The flag {@code -o}. */
public final class Output {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "How the result is printed: ${COMPLETION-CANDIDATES}.")
  private Format format = Format.table;

  public Format format() {
    return format;
  }
}
