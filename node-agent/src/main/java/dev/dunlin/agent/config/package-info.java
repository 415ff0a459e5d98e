/**
 * What a guest is given: its variables, arguments and folders, from ConfigMaps, Secrets and the
 * instance itself.
 */
@NullMarked
package dev.dunlin.agent.config;

import org.jspecify.annotations.NullMarked;
