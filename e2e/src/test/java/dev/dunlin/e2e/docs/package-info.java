/** What the pages say is so: their links, their YAML, their commands and their answers. */
@NullMarked
package dev.dunlin.e2e.docs;

import org.jspecify.annotations.NullMarked;
