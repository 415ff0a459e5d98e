/** What the operator watches, and which apps a change concerns. */
@NullMarked
package dev.dunlin.operator.cache;

import org.jspecify.annotations.NullMarked;
