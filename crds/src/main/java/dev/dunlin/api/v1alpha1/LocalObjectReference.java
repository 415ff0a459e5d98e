package dev.dunlin.api.v1alpha1;

import io.fabric8.generator.annotation.Required;

/** An object of the same namespace, by name. */
public record LocalObjectReference(@Required String name) {}
