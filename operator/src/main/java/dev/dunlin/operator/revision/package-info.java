/** The templates that an app has had, kept as ControllerRevisions to roll back to. */
@NullMarked
package dev.dunlin.operator.revision;

import org.jspecify.annotations.NullMarked;
