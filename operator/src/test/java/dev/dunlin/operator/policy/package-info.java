/** What is said of policies. */
@NullMarked
package dev.dunlin.operator.policy;

import org.jspecify.annotations.NullMarked;
