/** WasmVolumes: to which node and app they belong, and what is said of them. */
@NullMarked
package dev.dunlin.operator.volume;

import org.jspecify.annotations.NullMarked;
