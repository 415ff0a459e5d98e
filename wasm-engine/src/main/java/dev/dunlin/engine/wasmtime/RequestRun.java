package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.HttpGuest.BadResponseException;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request of a component, on the thread that asked: the library runs the guest on this thread
 * until it waits, and from then on on threads of its own, while this one carries what comes.
 */
final class RequestRun implements Events.Listener {
  private static final Outcome WELL = new Outcome.Exited(0);
  private static final VarHandle NEWS;

  static {
    try {
      NEWS = MethodHandles.lookup().findVarHandle(RequestRun.class, "news", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ComponentGuest guest;
  private final Native library;
  private final HttpResponse response;
  private final RequestBody input;
  private final long token;
  private final Thread thread = Thread.currentThread();

  /** Bits that nobody has followed yet. */
  @SuppressWarnings("UnusedVariable") // by NEWS
  private volatile int news;

  private volatile long task;
  private volatile boolean cancelled;
  private volatile boolean ended;

  /** Who waits for the end besides the answering thread. */
  private volatile @Nullable Thread closer;

  private Buffers.@Nullable Buffer buffer;
  private @Nullable OutputStream body;

  RequestRun(ComponentGuest guest, Native library, HttpRequest request, HttpResponse response) {
    this.guest = guest;
    this.library = library;
    this.response = response;
    this.input = new RequestBody(library, request.body(), RequestBlob.bodyBytes(request));
    this.token = library.events().add(this);
  }

  boolean isOf(ComponentGuest other) {
    return guest == other;
  }

  @Override
  public void tell(int bits) {
    int before = (int) NEWS.getAndBitwiseOr(this, bits);
    if (before == 0) {
      LockSupport.unpark(thread);
    }
    if ((bits & Dunlin.ENDED) != 0) {
      ended = true;
      LockSupport.unpark(thread); // who only waits for the end leaves earlier news alone
      LockSupport.unpark(closer);
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    long handle = task;
    if (handle != 0) {
      library.border().taskCancel(handle);
    }
  }

  /** What the guest wrote may still be under way then. */
  @Override
  public void awaitEnded() {
    closer = Thread.currentThread();
    boolean interrupted = false;
    while (!ended) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** It never began, or is over. */
  void retire() {
    ended = true;
    LockSupport.unpark(closer);
    library.events().remove(token);
  }

  Outcome perform(HttpRequest request, long guestHandle) throws InterruptedException {
    try {
      start(request, guestHandle);
      try {
        return carry();
      } finally {
        input.stop();
        endNow();
        library.border().taskFree(task);
      }
    } finally {
      retire();
      giveBuffer();
    }
  }

  private void start(HttpRequest request, long guestHandle) {
    var own = takeBuffer();
    var blob = RequestBlob.write(own.data, request, RequestBlob.bodyBytes(request));
    var message = own.message();
    own.out.set(Blob.U64, 0, 0);
    long handle =
        library
            .border()
            .httpStart(
                guestHandle,
                blob.segment(),
                blob.length(),
                token,
                own.out,
                message,
                Buffers.Buffer.MESSAGE_BYTES);
    if (handle <= 0) {
      throw Refusals.of(handle, own.messageText(), "the request cannot be given to the guest");
    }
    task = handle;
    if (cancelled) {
      library.border().taskCancel(handle);
    }
    tell((int) own.out.get(Blob.U64, 0));
  }

  private Outcome carry() throws InterruptedException {
    try {
      while (true) {
        int bits = (int) NEWS.getAndSet(this, 0);
        if (bits == 0) {
          await();
        } else if (follow(bits)) {
          return finish();
        }
      }
    } catch (InterruptedIOException e) {
      boolean _ = Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    } catch (IOException e) {
      return new Outcome.Cancelled(); // the client has gone: nobody waits for the rest
    }
  }

  private void await() throws InterruptedException {
    giveBuffer(); // it may be long
    LockSupport.park(this);
    if (Thread.interrupted()) {
      throw new InterruptedException("the request was ended");
    }
  }

  /** Carries what is there; tells whether that was the last. */
  private boolean follow(int bits) throws IOException {
    if ((bits & Dunlin.HAS_ERRORS) != 0) {
      carryLog(Dunlin.ERRORS, guest.err());
    }
    if ((bits & Dunlin.HAS_OUTPUT) != 0) {
      carryLog(Dunlin.OUTPUT, guest.out());
    }
    if ((bits & Dunlin.HAS_RESPONSE) != 0 && body == null) {
      var head = head();
      if (head != null) {
        body = response.begin(head.status(), head.headers());
      }
    }
    if ((bits & Dunlin.HAS_BODY) != 0) {
      carryBody((bits & Dunlin.ENDED) != 0);
    }
    if ((bits & Dunlin.WANTS_INPUT) != 0) {
      input.wake(task);
    }
    return (bits & Dunlin.ENDED) != 0;
  }

  private void carryBody(boolean last) throws IOException {
    var sink = body;
    byte[] bytes;
    while ((bytes = library.read(task, Dunlin.BODY, takeBuffer())) != null && bytes.length > 0) {
      if (sink == null) {
        throw new IllegalStateException("a body without a head");
      }
      sink.write(bytes, 0, bytes.length);
      if (thread.isInterrupted()) {
        throw new InterruptedIOException("the request was ended");
      }
    }
    if (sink != null && bytes != null && !last) {
      sink.flush(); // the guest thinks, or waits for something: let the client have what there is
    }
  }

  /** Diagnostics that cannot be delivered are nobody's: the request goes on without. */
  private void carryLog(int stream, SharedOutput sink) {
    byte[] bytes;
    while ((bytes = library.read(task, stream, takeBuffer())) != null && bytes.length > 0) {
      if (!sink.write(bytes)) {
        library.border().taskClose(task, stream, 1);
        return;
      }
    }
  }

  private @Nullable ResponseHead head() {
    var own = takeBuffer();
    long length = library.border().taskResponse(task, own.data, Buffers.Buffer.DATA_BYTES);
    if (length < 0) {
      return null;
    }
    if (length <= Buffers.Buffer.DATA_BYTES) {
      return ResponseHead.read(own.data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
    try (var arena = Arena.ofConfined()) {
      var large = arena.allocate(length);
      library.border().taskResponse(task, large, (int) length);
      return ResponseHead.read(large.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private Outcome finish() throws IOException {
    var own = takeBuffer();
    library.border().taskOutcome(task, own.out, own.message(), Buffers.Buffer.MESSAGE_BYTES);
    int kind = own.out.get(Blob.U32, 0);
    var sink = body;
    if (kind == Dunlin.EXITED && sink != null) {
      sink.close();
      return WELL;
    }
    if ((kind == Dunlin.EXITED || kind == Dunlin.BAD_RESPONSE) && sink == null) {
      throw new BadResponseException(own.messageText());
    }
    return Outcomes.of(
        kind, own.out.get(Blob.U32, Integer.BYTES), own.messageText(), guest.limits());
  }

  /** However the answer went, the guest has ended when this returns. */
  private void endNow() {
    if (ended) {
      return;
    }
    library.border().taskClose(task, Dunlin.BODY, 1);
    library.border().taskCancel(task);
    boolean interrupted = false;
    while (!ended) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      thread.interrupt();
    }
  }

  private Buffers.Buffer takeBuffer() {
    var own = buffer;
    if (own == null) {
      own = library.buffers().take();
      buffer = own;
    }
    return own;
  }

  private void giveBuffer() {
    var own = buffer;
    if (own != null) {
      buffer = null;
      library.buffers().give(own);
    }
  }
}
