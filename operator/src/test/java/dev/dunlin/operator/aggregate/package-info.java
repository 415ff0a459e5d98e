/** Who is believed, and what is shown. */
@NullMarked
package dev.dunlin.operator.aggregate;

import org.jspecify.annotations.NullMarked;
