package dev.dunlin.agent.config;

import java.util.concurrent.Executor;

/**
 * What instances' files are made from and where they are: the same for all of an agent.
 *
 * @param emptyDirBytes what an emptyDir may take that says nothing of it
 * @param workers unbounded; its tasks may block
 */
public record FileSources(
    ConfigSource source,
    ConfigWatches watches,
    VolumeSource volumes,
    long emptyDirBytes,
    Executor workers) {}
