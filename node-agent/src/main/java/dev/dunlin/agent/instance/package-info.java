/**
 * One instance from the API server's first word of it to its end: what comes next is decided by
 * pure functions, and done by a thin shell.
 */
@NullMarked
package dev.dunlin.agent.instance;

import org.jspecify.annotations.NullMarked;
