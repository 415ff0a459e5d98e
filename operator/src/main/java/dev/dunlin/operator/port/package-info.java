/** One port for each http app, the same on every agent. */
@NullMarked
package dev.dunlin.operator.port;

import org.jspecify.annotations.NullMarked;
