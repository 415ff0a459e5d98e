@NullMarked
package dev.dunlin.operator.volume;

import org.jspecify.annotations.NullMarked;
