/** What is to be said of the cluster's policies for images; the agents hold to them. */
@NullMarked
package dev.dunlin.operator.policy;

import org.jspecify.annotations.NullMarked;
