/** What the ConfigMaps and Secrets say that apps' variables refer to, known by hashes only. */
@NullMarked
package dev.dunlin.operator.config;

import org.jspecify.annotations.NullMarked;
