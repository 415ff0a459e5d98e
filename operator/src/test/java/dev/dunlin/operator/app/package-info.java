@NullMarked
package dev.dunlin.operator.app;

import org.jspecify.annotations.NullMarked;
