/** What a guest's memory is made of in the pure-Java engine, and the wall around it. */
@NullMarked
package dev.dunlin.engine.jvm.memory;

import org.jspecify.annotations.NullMarked;
