/** Cron apps: when their jobs are due, and making them. Only {@link Crons} writes. */
@NullMarked
package dev.dunlin.operator.cron;

import org.jspecify.annotations.NullMarked;
