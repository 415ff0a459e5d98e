package dev.dunlin.engine;

import java.time.Duration;

/**
 * What a run has used.
 *
 * @param cpu time on a processor; zero where the platform cannot tell
 * @param memoryBytes linear memory and tables now (at the end: what they had grown to), in bytes
 */
public record Usage(Duration cpu, long memoryBytes) {}
