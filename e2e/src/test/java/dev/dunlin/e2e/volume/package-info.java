/** WasmVolumes against a real API server, without the programs around. */
@NullMarked
package dev.dunlin.e2e.volume;

import org.jspecify.annotations.NullMarked;
