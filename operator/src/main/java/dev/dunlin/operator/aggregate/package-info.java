/**
 * APIs that the operator serves as part of the cluster's: behind kube-apiserver, which knows who
 * asks (aggregation layer).
 */
@NullMarked
package dev.dunlin.operator.aggregate;

import org.jspecify.annotations.NullMarked;
