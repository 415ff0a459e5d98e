/** What clients lose while parts of Dunlin change, are updated, or are killed. */
@NullMarked
package dev.dunlin.e2e.bench.failover;

import org.jspecify.annotations.NullMarked;
