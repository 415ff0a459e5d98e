/** One request to an app in a cluster. */
@NullMarked
package dev.dunlin.cli.invoke;

import org.jspecify.annotations.NullMarked;
