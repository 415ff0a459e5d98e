/**
 * The native engine: wasmtime behind the C interface of {@code
 * wasm-engine/native/include/dunlin.h}, called through java.lang.foreign. Named after the library
 * since {@code native} is a Java keyword.
 */
@NullMarked
package dev.dunlin.engine.wasmtime;

import org.jspecify.annotations.NullMarked;
