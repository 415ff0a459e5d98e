@NullMarked
package dev.dunlin.operator.revision;

import org.jspecify.annotations.NullMarked;
