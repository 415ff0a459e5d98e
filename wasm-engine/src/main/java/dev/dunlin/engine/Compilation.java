package dev.dunlin.engine;

import java.time.Duration;

/**
 * A module that is being compiled.
 *
 * @param digest of the module's bytes, {@code sha256:} and 64 hexadecimal digits
 * @param wasmBytes how large the module is; compiling costs time in proportion
 * @param since for how long it has been compiled, or has waited if it waits
 * @param waiting its turn has not come yet
 */
public record Compilation(String digest, long wasmBytes, Duration since, boolean waiting) {}
