/** A real Kubernetes control plane on this machine's loopback. */
@NullMarked
package dev.dunlin.e2e.cluster;

import org.jspecify.annotations.NullMarked;
