/** Http apps that nobody asks give back what they have, and get it back with the next request. */
@NullMarked
package dev.dunlin.agent.idle;

import org.jspecify.annotations.NullMarked;
