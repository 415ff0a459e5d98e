/** How logs become one. */
@NullMarked
package dev.dunlin.operator.log;

import org.jspecify.annotations.NullMarked;
