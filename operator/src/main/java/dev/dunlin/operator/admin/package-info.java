/** Probes and metrics over HTTP. */
@NullMarked
package dev.dunlin.operator.admin;

import org.jspecify.annotations.NullMarked;
