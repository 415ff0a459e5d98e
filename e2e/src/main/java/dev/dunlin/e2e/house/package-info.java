/**
 * Dunlin as it is run: operator and agents as processes of their own, a registry, and what a
 * cluster's network does for a client.
 */
@NullMarked
package dev.dunlin.e2e.house;

import org.jspecify.annotations.NullMarked;
