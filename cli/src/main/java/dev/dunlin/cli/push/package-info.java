/** Modules on their way to a registry. */
@NullMarked
package dev.dunlin.cli.push;

import org.jspecify.annotations.NullMarked;
