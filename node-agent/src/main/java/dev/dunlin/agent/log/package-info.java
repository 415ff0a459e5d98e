/**
 * What guests write: cut into lines, held to a rate, one JSON object a line on the agent's standard
 * output.
 */
@NullMarked
package dev.dunlin.agent.log;

import org.jspecify.annotations.NullMarked;
