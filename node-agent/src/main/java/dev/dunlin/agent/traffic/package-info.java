/** What requests each app has had on this agent, counted by revision; read by the operator. */
@NullMarked
package dev.dunlin.agent.traffic;

import org.jspecify.annotations.NullMarked;
