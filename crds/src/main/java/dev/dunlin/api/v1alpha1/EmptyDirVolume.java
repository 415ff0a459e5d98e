package dev.dunlin.api.v1alpha1;

/**
 * An empty folder of the instance's own; it survives restarts of the command and goes with the
 * instance.
 */
public record EmptyDirVolume() {}
