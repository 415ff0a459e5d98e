/** Many apps at once, and what is left when they have gone. */
@NullMarked
package dev.dunlin.e2e.many;

import org.jspecify.annotations.NullMarked;
