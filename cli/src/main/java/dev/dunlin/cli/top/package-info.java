/** What apps use. */
@NullMarked
package dev.dunlin.cli.top;

import org.jspecify.annotations.NullMarked;
