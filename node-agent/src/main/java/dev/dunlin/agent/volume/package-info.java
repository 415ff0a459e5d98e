/** WasmVolumes on this node: folders that outlive instances and agents. */
@NullMarked
package dev.dunlin.agent.volume;

import org.jspecify.annotations.NullMarked;
