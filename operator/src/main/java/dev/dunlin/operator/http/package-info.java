/** The Service and EndpointSlice of an http app. Pure. */
@NullMarked
package dev.dunlin.operator.http;

import org.jspecify.annotations.NullMarked;
