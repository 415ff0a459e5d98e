/** What each app does on this agent, counted by revision; read by Prometheus and the operator. */
@NullMarked
package dev.dunlin.agent.traffic;

import org.jspecify.annotations.NullMarked;
