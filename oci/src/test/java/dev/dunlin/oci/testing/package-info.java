/**
 * A registry for tests and the demo: a real distribution-spec server in this JVM, and what to put
 * in it.
 */
@NullMarked
package dev.dunlin.oci.testing;

import org.jspecify.annotations.NullMarked;
