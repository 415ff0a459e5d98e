/**
 * The whole house, run as processes against a real API server and used through kubectl and HTTP.
 */
@NullMarked
package dev.dunlin.e2e.house;

import org.jspecify.annotations.NullMarked;
