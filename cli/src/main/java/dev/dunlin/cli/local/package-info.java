/** Apps on this machine, without a cluster. */
@NullMarked
package dev.dunlin.cli.local;

import org.jspecify.annotations.NullMarked;
