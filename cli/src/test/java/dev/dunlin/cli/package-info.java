/** Tests of the command, through its command line. */
@NullMarked
package dev.dunlin.cli;

import org.jspecify.annotations.NullMarked;
