/** A new revision that is tried with a share of the requests first. */
@NullMarked
package dev.dunlin.operator.canary;

import org.jspecify.annotations.NullMarked;
