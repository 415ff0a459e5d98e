/** What commands print: lines, tables, progress, documents. */
@NullMarked
package dev.dunlin.cli.terminal;

import org.jspecify.annotations.NullMarked;
