@NullMarked
package dev.dunlin.operator.node;

import org.jspecify.annotations.NullMarked;
