@NullMarked
package dev.dunlin.e2e.demo;

import org.jspecify.annotations.NullMarked;
