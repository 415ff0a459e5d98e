/**
 * What a Pod's owner takes for granted, on real parts: one house with three agents, in which every
 * test has a namespace of its own.
 */
@NullMarked
package dev.dunlin.e2e.app;

import org.jspecify.annotations.NullMarked;
