/**
 * Dunlin as its users have it: installed by Helm on a cluster with real nodes, agents as Pods of a
 * DaemonSet. {@code make e2e} runs it, on whatever cluster KUBECONFIG names.
 */
@NullMarked
package dev.dunlin.e2e.whole;

import org.jspecify.annotations.NullMarked;
