package dev.dunlin.agent.module;

import dev.dunlin.oci.Digest;

/**
 * One module of the cache.
 *
 * @param manifest what instances call it by
 * @param content what its file must hash to
 */
record CachedModule(Digest manifest, Digest content, long sizeBytes) {}
