@NullMarked
package dev.dunlin.operator.port;

import org.jspecify.annotations.NullMarked;
