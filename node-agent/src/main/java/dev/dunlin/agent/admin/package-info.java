/** The agent's own health and metrics. */
@NullMarked
package dev.dunlin.agent.admin;

import org.jspecify.annotations.NullMarked;
