@NullMarked
package dev.dunlin.operator.placement;

import org.jspecify.annotations.NullMarked;
