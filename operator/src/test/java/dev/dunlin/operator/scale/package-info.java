@NullMarked
package dev.dunlin.operator.scale;

import org.jspecify.annotations.NullMarked;
