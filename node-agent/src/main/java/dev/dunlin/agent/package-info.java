/**
 * The agent: runs the WasmInstances of one node. {@link dev.dunlin.agent.Agent} puts the parts
 * together.
 */
@NullMarked
package dev.dunlin.agent;

import org.jspecify.annotations.NullMarked;
