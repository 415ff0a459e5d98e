/** Generates what is derived from the API records: the CRDs and docs/api.md. */
@NullMarked
package dev.dunlin.api.generate;

import org.jspecify.annotations.NullMarked;
