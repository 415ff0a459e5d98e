/** Apps and where their replicas are. */
@NullMarked
package dev.dunlin.cli.status;

import org.jspecify.annotations.NullMarked;
