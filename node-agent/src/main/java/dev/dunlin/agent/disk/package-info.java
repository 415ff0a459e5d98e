/** Folders that guests write to or read from, with files that nobody can trust. */
@NullMarked
package dev.dunlin.agent.disk;

import org.jspecify.annotations.NullMarked;
