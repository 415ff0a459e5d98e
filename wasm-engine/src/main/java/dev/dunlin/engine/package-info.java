/**
 * Runs WebAssembly: {@link dev.dunlin.engine.Engine#load} makes a {@link dev.dunlin.engine.Module},
 * which runs as a command ({@link dev.dunlin.engine.Module#start}) or answers HTTP requests ({@link
 * dev.dunlin.engine.Module#http}). Knows nothing of Kubernetes. Nothing is granted to a guest
 * unless {@link dev.dunlin.engine.Grants} says so, and every run ends at its {@link
 * dev.dunlin.engine.Limits} or when it is cancelled.
 */
@NullMarked
package dev.dunlin.engine;

import org.jspecify.annotations.NullMarked;
