package dev.dunlin.engine;

/** What a module is, by its binary format and exports. */
public enum ModuleKind {
  /** A core module that exports {@code _start} (WASI preview 1 command). */
  COMMAND,
  /** A component whose world is a command ({@code wasi:cli/run}). */
  COMMAND_COMPONENT,
  /** A component that handles requests ({@code wasi:http}). */
  HTTP_COMPONENT
}
