/** What the operator needs to be heard by agents. */
@NullMarked
package dev.dunlin.operator.agent;

import org.jspecify.annotations.NullMarked;
