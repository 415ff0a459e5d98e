/** Registries: whom to ask, with which credentials, and what is kept. */
@NullMarked
package dev.dunlin.cli.image;

import org.jspecify.annotations.NullMarked;
