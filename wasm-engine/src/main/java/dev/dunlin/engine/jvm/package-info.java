/**
 * The pure-Java engine: Endive compiles core modules to JVM bytecode (and interprets what it cannot
 * compile); memory, limits, interruption and WASI preview 1 are our own.
 */
@NullMarked
package dev.dunlin.engine.jvm;

import org.jspecify.annotations.NullMarked;
