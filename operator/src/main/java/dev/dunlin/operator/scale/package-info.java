/** Autoscaling: the HorizontalPodAutoscaler of an app, and its way to no instance and back. */
@NullMarked
package dev.dunlin.operator.scale;

import org.jspecify.annotations.NullMarked;
