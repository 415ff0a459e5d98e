package dev.dunlin.operator.canary;

import dev.dunlin.operator.instance.Instance;
import java.util.OptionalInt;

/**
 * The share in the requests that an instance's revision is to have on its node.
 *
 * @param weight from 0 to 100; empty: none is said any more
 */
public record Weighing(Instance instance, OptionalInt weight) {}
