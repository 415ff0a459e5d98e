package dev.dunlin.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** How many requests of wasi:http guests have sent to other hosts, and what came of them. */
public record Outbound(Map<Call, Long> counts) {
  public static final Outbound NONE = new Outbound(Map.of());

  /**
   * Requests that count together.
   *
   * @param host the grant that lets them, as in {@link Grants#allowedHosts}; {@link #OTHERS} where
   *     none does
   */
  public record Call(String host, Result result) {
    /** All hosts that are not granted. */
    public static final String OTHERS = "other";
  }

  /** What came of a request. */
  public enum Result {
    INFORMATIONAL("1xx"),
    SUCCESSFUL("2xx"),
    REDIRECTED("3xx"),
    CLIENT_ERROR("4xx"),
    SERVER_ERROR("5xx"),
    /** The host, or the address that its name led to, is not granted. */
    DENIED("denied"),
    /** No connection, or no answer, in the time that the guest gave it. */
    TIMED_OUT("timeout"),
    /** No answer for another reason: name, connection, TLS, protocol. */
    FAILED("failed");

    private final String label;

    Result(String label) {
      this.label = label;
    }

    /** As metrics have it. */
    public String label() {
      return label;
    }
  }

  public Outbound {
    counts = Collections.unmodifiableMap(new HashMap<>(counts));
  }

  public Outbound plus(Outbound other) {
    if (counts.isEmpty() || other.counts.isEmpty()) {
      return counts.isEmpty() ? other : this;
    }
    var sum = new HashMap<>(counts);
    other.counts.forEach((call, count) -> sum.merge(call, count, Long::sum));
    return new Outbound(sum);
  }

  /** What has come on top of {@code before}. */
  public Outbound since(Outbound before) {
    if (counts.isEmpty() || equals(before)) {
      return NONE;
    }
    var more = new HashMap<Call, Long>();
    counts.forEach((call, count) -> {
      long added = count - before.counts.getOrDefault(call, 0L);
      if (added > 0) {
        more.put(call, added);
      }
    });
    return new Outbound(more);
  }
}
