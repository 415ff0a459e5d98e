/**
 * A small HTTPS server for answers that go on for hours, since no other at hand sees that its
 * client has gone while it has nothing to write, and certificates of one's own making.
 */
@NullMarked
package dev.dunlin.https;

import org.jspecify.annotations.NullMarked;
