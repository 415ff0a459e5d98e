/** Programs that run beside this JVM: started, watched, stopped and killed. */
@NullMarked
package dev.dunlin.e2e.child;

import org.jspecify.annotations.NullMarked;
