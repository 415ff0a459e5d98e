/** Stand-ins for tests. */
@NullMarked
package dev.dunlin.agent.testing;

import org.jspecify.annotations.NullMarked;
