@NullMarked
package dev.dunlin.operator.config;

import org.jspecify.annotations.NullMarked;
