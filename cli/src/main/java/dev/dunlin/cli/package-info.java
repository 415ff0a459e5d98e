/** The command dunlin: its main class, and what all commands share. */
@NullMarked
package dev.dunlin.cli;

import org.jspecify.annotations.NullMarked;
