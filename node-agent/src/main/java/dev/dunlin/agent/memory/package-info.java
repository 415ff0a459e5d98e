/** Sees that memory runs short, and which instance has to go for it. */
@NullMarked
package dev.dunlin.agent.memory;

import org.jspecify.annotations.NullMarked;
