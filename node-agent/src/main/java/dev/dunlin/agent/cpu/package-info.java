/** Holds apps to their {@code limits.cpu}: whoever is over it waits, and nobody is ended for it. */
@NullMarked
package dev.dunlin.agent.cpu;

import org.jspecify.annotations.NullMarked;
