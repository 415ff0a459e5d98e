/** What the instances of a namespace may take together, and what one may. */
@NullMarked
package dev.dunlin.operator.quota;

import org.jspecify.annotations.NullMarked;
