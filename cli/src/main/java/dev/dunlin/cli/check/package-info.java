/** Whether a module can run, and what it must be granted. */
@NullMarked
package dev.dunlin.cli.check;

import org.jspecify.annotations.NullMarked;
