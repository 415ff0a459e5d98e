@NullMarked
package dev.dunlin.engine.jvm;

import org.jspecify.annotations.NullMarked;
