@NullMarked
package dev.dunlin.e2e.mock;

import org.jspecify.annotations.NullMarked;
