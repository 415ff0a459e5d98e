/** What every engine has to do, as tests; each engine runs them all. */
@NullMarked
package dev.dunlin.engine.contract;

import org.jspecify.annotations.NullMarked;
