@NullMarked
package dev.dunlin.operator.cache;

import org.jspecify.annotations.NullMarked;
