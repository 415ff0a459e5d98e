@NullMarked
package dev.dunlin.operator.job;

import org.jspecify.annotations.NullMarked;
