/** Roll-outs: how far they are, back, pause, on. */
@NullMarked
package dev.dunlin.cli.rollout;

import org.jspecify.annotations.NullMarked;
