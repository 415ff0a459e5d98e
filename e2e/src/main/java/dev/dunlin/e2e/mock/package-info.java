/**
 * An API server in this JVM: what {@code make demo} and fast tests use where a real one is not at
 * hand. It keeps objects in memory and behaves as kube-apiserver does wherever our programs and
 * kubectl can tell the difference.
 */
@NullMarked
package dev.dunlin.e2e.mock;

import org.jspecify.annotations.NullMarked;
