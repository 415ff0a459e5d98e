/**
 * The recipe of one pass: what an app's state is, what should be done about it, what is said of it.
 */
@NullMarked
package dev.dunlin.operator.app;

import org.jspecify.annotations.NullMarked;
