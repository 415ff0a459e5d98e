/**
 * The modules on this node's disk: by digest, checked, bounded, and only for those whose
 * credentials may read them.
 */
@NullMarked
package dev.dunlin.agent.module;

import org.jspecify.annotations.NullMarked;
