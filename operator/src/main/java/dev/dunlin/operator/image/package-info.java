/** From tag to digest, beside the passes and not in them. */
@NullMarked
package dev.dunlin.operator.image;

import org.jspecify.annotations.NullMarked;
