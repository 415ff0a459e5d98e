/** What the API server makes of the CRDs. */
@NullMarked
package dev.dunlin.e2e.crds;

import org.jspecify.annotations.NullMarked;
