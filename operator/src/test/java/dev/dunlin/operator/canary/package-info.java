@NullMarked
package dev.dunlin.operator.canary;

import org.jspecify.annotations.NullMarked;
