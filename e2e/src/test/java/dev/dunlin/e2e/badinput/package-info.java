/** What a user can get wrong, each once for real: every row of docs/troubleshooting.md. */
@NullMarked
package dev.dunlin.e2e.badinput;

import org.jspecify.annotations.NullMarked;
