/**
 * Runs third parties' test suites on the engines (docs/conformance.md): {@code make conformance
 * SUITES=folder}.
 */
@NullMarked
package dev.dunlin.engine.conformance;

import org.jspecify.annotations.NullMarked;
