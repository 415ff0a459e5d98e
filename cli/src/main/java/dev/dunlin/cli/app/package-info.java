/** WasmApps as files and flags say them. */
@NullMarked
package dev.dunlin.cli.app;

import org.jspecify.annotations.NullMarked;
