/** Which node gets an instance, and why not. Pure. */
@NullMarked
package dev.dunlin.operator.placement;

import org.jspecify.annotations.NullMarked;
