/** Projects: their scaffold, and the toolchains that make modules of them. */
@NullMarked
package dev.dunlin.cli.project;

import org.jspecify.annotations.NullMarked;
