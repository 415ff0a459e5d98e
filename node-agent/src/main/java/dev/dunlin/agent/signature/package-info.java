/** Whose signatures an image needs before it starts here, and whether it has them. */
@NullMarked
package dev.dunlin.agent.signature;

import org.jspecify.annotations.NullMarked;
