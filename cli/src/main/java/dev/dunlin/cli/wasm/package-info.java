/** What a module says of itself, without running it. */
@NullMarked
package dev.dunlin.cli.wasm;

import org.jspecify.annotations.NullMarked;
