/** Decides whether a key has signed an image: pure, of bytes that nobody has believed yet. */
@NullMarked
package dev.dunlin.oci.signature;

import org.jspecify.annotations.NullMarked;
