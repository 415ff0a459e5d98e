/** What agents and guests may not do, and that they can do what they must. */
@NullMarked
package dev.dunlin.e2e.confine;

import org.jspecify.annotations.NullMarked;
