/** When and how often things happen. */
@NullMarked
package dev.dunlin.agent.rate;

import org.jspecify.annotations.NullMarked;
