@NullMarked
package dev.dunlin.operator.quota;

import org.jspecify.annotations.NullMarked;
