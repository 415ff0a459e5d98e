/** Which agents live, judged by their Leases. */
@NullMarked
package dev.dunlin.operator.node;

import org.jspecify.annotations.NullMarked;
