/** How far a job is, by the numbers of its runs. Pure. */
@NullMarked
package dev.dunlin.operator.job;

import org.jspecify.annotations.NullMarked;
