package dev.dunlin.engine;

/**
 * A module that answers HTTP requests. Safe for use by many threads; {@link HttpSettings} says how
 * many requests an instance answers.
 */
public interface HttpGuest extends AutoCloseable {
  /**
   * Answers one request: returns when the response has been written whole, or when the guest has
   * failed.
   *
   * <p>If the returned outcome is not {@code Exited(0)} and {@code response} was never begun,
   * nothing has been sent and the caller answers in the guest's place. If it was begun, the body is
   * incomplete and the caller must break the connection. An interrupt of the calling thread cancels
   * the request.
   *
   * @throws BadResponseException when the guest ended well but what it wrote is no response;
   *     nothing has been sent
   * @throws InterruptedException when the calling thread was interrupted; the guest has ended
   */
  Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException;

  /**
   * CPU time and memory that requests have used so far, in all; memory is of the requests under
   * way.
   */
  Usage usage();

  /** What its requests have sent to other hosts so far, in all. */
  default Outbound outbound() {
    return Outbound.NONE;
  }

  /** Cancels the requests under way and waits for their end. */
  @Override
  void close();

  /** The guest's answer is not HTTP: the message says what was expected and what was found. */
  final class BadResponseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadResponseException(String message) {
      super(message);
    }
  }
}
