/** {@code make demo}: the whole house on one machine, shown step by step, each step checked. */
@NullMarked
package dev.dunlin.e2e.demo;

import org.jspecify.annotations.NullMarked;
