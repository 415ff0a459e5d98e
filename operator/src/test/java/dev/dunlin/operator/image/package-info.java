@NullMarked
package dev.dunlin.operator.image;

import org.jspecify.annotations.NullMarked;
