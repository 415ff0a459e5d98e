@NullMarked
package dev.dunlin.operator.check;

import org.jspecify.annotations.NullMarked;
