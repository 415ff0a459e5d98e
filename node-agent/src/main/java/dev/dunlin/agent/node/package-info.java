/** What the agent says of itself: its WasmNode and its Lease. */
@NullMarked
package dev.dunlin.agent.node;

import org.jspecify.annotations.NullMarked;
