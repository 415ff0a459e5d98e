/** Whether an installation works, as {@code helm test} asks. */
@NullMarked
package dev.dunlin.operator.check;

import org.jspecify.annotations.NullMarked;
