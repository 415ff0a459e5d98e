/** What agents may read of the ConfigMaps and Secrets of apps' namespaces. */
@NullMarked
package dev.dunlin.operator.access;

import org.jspecify.annotations.NullMarked;
