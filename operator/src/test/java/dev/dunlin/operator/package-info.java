@NullMarked
package dev.dunlin.operator;

import org.jspecify.annotations.NullMarked;
