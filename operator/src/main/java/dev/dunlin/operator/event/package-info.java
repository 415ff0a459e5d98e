/** Kubernetes Events, counted instead of repeated. */
@NullMarked
package dev.dunlin.operator.event;

import org.jspecify.annotations.NullMarked;
