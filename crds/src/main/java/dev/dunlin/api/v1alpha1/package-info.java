/** The API group {@code dunlin.dev/v1alpha1}: all that the operator and the agents share. */
@NullMarked
package dev.dunlin.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
