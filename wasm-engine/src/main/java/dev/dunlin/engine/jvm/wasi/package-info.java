/**
 * WASI preview 1 ({@code wasi_snapshot_preview1}) for the pure-Java engine. Nothing here trusts the
 * guest: pointers are checked, buffers are bounded, paths stay in their preopened directory.
 */
@NullMarked
package dev.dunlin.engine.jvm.wasi;

import org.jspecify.annotations.NullMarked;
