/** Which cluster, and what is asked of it. */
@NullMarked
package dev.dunlin.cli.cluster;

import org.jspecify.annotations.NullMarked;
