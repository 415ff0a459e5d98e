/**
 * What the operator says of nodes, against a real API server and with a clock of the test's own.
 */
@NullMarked
package dev.dunlin.e2e.node;

import org.jspecify.annotations.NullMarked;
