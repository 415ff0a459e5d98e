@NullMarked
package dev.dunlin.operator.cron;

import org.jspecify.annotations.NullMarked;
