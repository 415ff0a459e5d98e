/** The native engine; skipped where its library is not built. */
@NullMarked
package dev.dunlin.engine.wasmtime;

import org.jspecify.annotations.NullMarked;
