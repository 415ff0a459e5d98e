package dev.dunlin.agent.log;

import java.io.OutputStream;

/**
 * Where one run of an instance writes. Whoever closes both streams has its last lines written, and
 * ends what follows the run's log.
 */
public record RunOutput(OutputStream out, OutputStream err) {}
