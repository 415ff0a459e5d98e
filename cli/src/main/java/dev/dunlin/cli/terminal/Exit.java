package dev.dunlin.cli.terminal;

/** How a command ends; docs/cli.md lists them. */
public final class Exit {
  public static final int OK = 0;

  /** What was asked for cannot be had, or was found not to be so. */
  public static final int FAILED = 1;

  /** The command line says something that cannot be. */
  public static final int USAGE = 2;

  /** The cluster or the registry cannot be reached, or does not let in. */
  public static final int UNREACHABLE = 3;

  /** The time to wait was over. */
  public static final int TIMEOUT = 4;

  /** A guest ran beyond its deadline, as {@code timeout} has it. */
  public static final int DEADLINE = 124;

  /** A guest trapped, as a program that aborts. */
  public static final int TRAP = 134;

  /** A guest ran out of its memory, as a Pod that is killed for that. */
  public static final int OUT_OF_MEMORY = 137;

  private Exit() {}
}
