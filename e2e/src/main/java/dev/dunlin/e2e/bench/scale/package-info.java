/** Many nodes and many apps on one API server: what the operator makes of them. */
@NullMarked
package dev.dunlin.e2e.bench.scale;

import org.jspecify.annotations.NullMarked;
