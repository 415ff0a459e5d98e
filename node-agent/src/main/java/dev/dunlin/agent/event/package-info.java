/** What the agent tells people: Kubernetes Events on its instances. */
@NullMarked
package dev.dunlin.agent.event;

import org.jspecify.annotations.NullMarked;
