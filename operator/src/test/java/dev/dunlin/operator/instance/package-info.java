@NullMarked
package dev.dunlin.operator.instance;

import org.jspecify.annotations.NullMarked;
