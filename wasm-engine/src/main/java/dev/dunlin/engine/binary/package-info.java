/** What can be told of a module from its bytes alone, for every engine. */
@NullMarked
package dev.dunlin.engine.binary;

import org.jspecify.annotations.NullMarked;
