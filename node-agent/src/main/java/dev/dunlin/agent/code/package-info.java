/** Compiled modules, each once in memory however many instances run it. */
@NullMarked
package dev.dunlin.agent.code;

import org.jspecify.annotations.NullMarked;
