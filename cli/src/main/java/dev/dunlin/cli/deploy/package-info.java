/** Apps on their way into a cluster. */
@NullMarked
package dev.dunlin.cli.deploy;

import org.jspecify.annotations.NullMarked;
