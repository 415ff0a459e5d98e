package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.jvm.memory.FlatMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code poll_oneoff}: clocks, standard input, and what is always ready. */
final class Poll {
  private static final int MOST_SUBSCRIPTIONS = 4096;
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int CLOCK = 0;
  private static final int FD_READ = 1;
  private static final int FD_WRITE = 2;
  private static final int ABSOLUTE = 1;

  private record Event(long userData, int type, Errno errno, long bytes) {}

  private record Timer(long userData, long nanos) {}

  private final Call call;
  private final List<Event> ready = new ArrayList<>();
  private final List<Timer> timers = new ArrayList<>();
  private final List<Long> inputReaders = new ArrayList<>();
  private @Nullable StandardInput input;

  private Poll(Call call) {
    this.call = call;
  }

  static void define(Preview1.Definitions wasi) {
    wasi.define("poll_oneoff", "iiii", call -> new Poll(call).perform());
  }

  private void perform() throws IOException, InterruptedException {
    int count = call.i32(2);
    if (count <= 0 || count > MOST_SUBSCRIPTIONS) {
      throw Errno.INVAL.failure();
    }
    call.memory().checkRange(call.i32(0), count * SUBSCRIPTION_BYTES);
    call.memory().checkRange(call.i32(1), count * EVENT_BYTES);
    for (int i = 0; i < count; i++) {
      subscribe(call.memory(), call.i32(0) + i * SUBSCRIPTION_BYTES);
    }
    long start = System.nanoTime();
    long wait = ready.isEmpty() ? shortestTimer() : 0;
    await(wait);
    long elapsed = Math.max(System.nanoTime() - start, ready.isEmpty() ? wait : 0);
    for (var timer : timers) {
      if (timer.nanos() <= elapsed) {
        ready.add(new Event(timer.userData(), CLOCK, Errno.SUCCESS, 0));
      }
    }
    store();
  }

  private void subscribe(FlatMemory memory, int at) throws IOException {
    long userData = memory.readLong(at);
    int type = memory.read(at + 8);
    switch (type) {
      case CLOCK -> timers.add(new Timer(userData, delay(memory, at)));
      case FD_READ, FD_WRITE -> subscribe(userData, type, memory.readInt(at + 16));
      default -> throw Errno.INVAL.failure();
    }
  }

  private long delay(FlatMemory memory, int at) {
    int clock = memory.readInt(at + 16);
    long timeout = memory.readLong(at + 24);
    if (clock != ProcessFunctions.CLOCK_REALTIME && clock != ProcessFunctions.CLOCK_MONOTONIC) {
      throw Errno.NOTSUP.failure();
    }
    long unsigned = timeout < 0 ? Long.MAX_VALUE : timeout;
    return (memory.readShort(at + 40) & ABSOLUTE) == 0
        ? unsigned
        : Math.max(0, unsigned - ProcessFunctions.time(call.process(), clock));
  }

  private void subscribe(long userData, int type, int fd) throws IOException {
    Descriptor descriptor;
    try {
      descriptor = call.descriptors().get(fd);
    } catch (WasiException e) {
      ready.add(new Event(userData, type, e.errno(), 0));
      return;
    }
    switch (descriptor) {
      case StandardInput in when type == FD_READ -> {
        input = in;
        inputReaders.add(userData);
      }
      case StandardOutput out when type == FD_WRITE ->
          ready.add(new Event(userData, type, Errno.SUCCESS, 0));
      case OpenFile file ->
          ready.add(
              new Event(userData, type, Errno.SUCCESS, type == FD_READ ? file.remaining() : 0));
      case StandardInput in -> ready.add(new Event(userData, type, Errno.BADF, 0));
      case StandardOutput out -> ready.add(new Event(userData, type, Errno.BADF, 0));
      case OpenDirectory directory -> ready.add(new Event(userData, type, Errno.BADF, 0));
    }
  }

  private long shortestTimer() {
    return timers.stream().mapToLong(Timer::nanos).min().orElse(Long.MAX_VALUE);
  }

  private void await(long nanos) throws InterruptedException {
    if (input != null) {
      if (input.awaitReadable(nanos)) {
        int bytes = input.buffered();
        inputReaders.forEach(
            userData -> ready.add(new Event(userData, FD_READ, Errno.SUCCESS, bytes)));
      }
    } else if (nanos > 0) {
      TimeUnit.NANOSECONDS.sleep(nanos);
    }
  }

  private void store() {
    int at = call.i32(1);
    for (var event : ready) {
      call.memory().fill((byte) 0, at, at + EVENT_BYTES);
      call.memory().writeLong(at, event.userData());
      call.memory().writeShort(at + 8, (short) event.errno().code());
      call.memory().writeByte(at + 10, (byte) event.type());
      call.memory().writeLong(at + 16, event.bytes());
      at += EVENT_BYTES;
    }
    call.store32(3, ready.size());
  }
}
