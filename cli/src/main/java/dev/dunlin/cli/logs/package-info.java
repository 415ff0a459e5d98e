/** What apps write. */
@NullMarked
package dev.dunlin.cli.logs;

import org.jspecify.annotations.NullMarked;
