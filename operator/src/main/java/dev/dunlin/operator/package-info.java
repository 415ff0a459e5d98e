/** The operator's process: flags, composition root, leader election. */
@NullMarked
package dev.dunlin.operator;

import org.jspecify.annotations.NullMarked;
