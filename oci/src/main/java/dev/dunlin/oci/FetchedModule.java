package dev.dunlin.oci;

/**
 * What a fetch left in its target file.
 *
 * @param manifest the digest that was asked for
 * @param content the digest of the file
 * @param sizeBytes the length of the file
 * @param format how the registry held it
 */
public record FetchedModule(
    Digest manifest, Digest content, long sizeBytes, ArtifactFormat format) {}
