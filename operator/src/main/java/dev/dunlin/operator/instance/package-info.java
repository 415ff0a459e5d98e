/** What the operator sees of WasmInstances, its own unconfirmed writes included. */
@NullMarked
package dev.dunlin.operator.instance;

import org.jspecify.annotations.NullMarked;
