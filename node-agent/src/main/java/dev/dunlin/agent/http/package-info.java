/** Serves apps over HTTP: one listener per app port, shared by the app's instances on this node. */
@NullMarked
package dev.dunlin.agent.http;

import org.jspecify.annotations.NullMarked;
