/**
 * Startup, readiness and liveness: what is asked of an instance and when, as kubelet asks a Pod's
 * containers. What follows from the answers is the instance's affair.
 */
@NullMarked
package dev.dunlin.agent.probe;

import org.jspecify.annotations.NullMarked;
