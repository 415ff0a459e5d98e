/** The HTTPRoute or Ingress that leads to an app from outside the cluster. */
@NullMarked
package dev.dunlin.operator.route;

import org.jspecify.annotations.NullMarked;
