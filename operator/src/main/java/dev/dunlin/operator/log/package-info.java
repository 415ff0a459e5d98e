/** The logs of apps and instances, read from the agents. */
@NullMarked
package dev.dunlin.operator.log;

import org.jspecify.annotations.NullMarked;
