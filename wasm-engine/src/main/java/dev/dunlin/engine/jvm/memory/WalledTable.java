package dev.dunlin.engine.jvm.memory;

import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/**
 * A table within the {@link MemoryWall}. Has limits of its own, since Endive's tables grow the
 * module's (a guest would change what the next instance starts with).
 */
public final class WalledTable extends TableInstance {
  /** An {@code int} and two compressed references, as {@link TableInstance} keeps them. */
  static final long ELEMENT_BYTES = 12;

  private final MemoryWall wall;

  private WalledTable(Table table, int initialValue, MemoryWall wall) {
    super(table, initialValue);
    this.wall = wall;
  }

  public static WalledTable of(Table declared, int initialValue, MemoryWall wall) {
    var limits = declared.limits();
    long bytes = limits.min() * ELEMENT_BYTES;
    if (!wall.reserve(bytes)) {
      throw new MemoryWall.BrokenException();
    }
    if (!wall.occupy(bytes)) {
      wall.refuse(bytes);
      throw new MemoryWall.BrokenException();
    }
    var own = new TableLimits(limits.min(), limits.max(), limits.shared());
    return new WalledTable(
        new Table(declared.elementType(), own, declared.initialize()), initialValue, wall);
  }

  @Override
  public int grow(int size, int value, @Nullable Instance instance) {
    if (!fits(size)) {
      return -1;
    }
    try {
      return super.grow(size, value, instance);
    } catch (OutOfMemoryError e) {
      return refused(size);
    }
  }

  @Override
  public int growWithRef(int size, @Nullable Object value, @Nullable Instance instance) {
    if (!fits(size)) {
      return -1;
    }
    try {
      return super.growWithRef(size, value, instance);
    } catch (OutOfMemoryError e) {
      return refused(size);
    }
  }

  private boolean fits(int size) {
    if (size < 0 || (long) size() + size > limits().max() || !wall.reserve(size * ELEMENT_BYTES)) {
      return false;
    }
    if (!wall.occupy(size * ELEMENT_BYTES)) {
      wall.refuse(size * ELEMENT_BYTES);
      return false;
    }
    return true;
  }

  private int refused(int size) {
    wall.vacate(size * ELEMENT_BYTES);
    wall.refuse(size * ELEMENT_BYTES);
    return -1;
  }
}
