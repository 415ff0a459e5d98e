package dev.dunlin.oci;

/**
 * A module could not be had; the kind says whose move it is, the message where, what was expected
 * and what was found.
 */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, by what the caller can do. */
  public enum Kind {
    /** No such repository, tag or digest. */
    NOT_FOUND,
    /** The credentials are missing or refused. */
    UNAUTHORIZED,
    /** The registry cannot be reached, or failed; trying again later can help. */
    UNAVAILABLE,
    /**
     * What the registry holds is no WebAssembly module in a known format, or its answer is none at
     * all.
     */
    INVALID,
    /** The bytes are not those that the digest names. */
    DIGEST_MISMATCH,
    /** Larger than the configured limit. */
    TOO_LARGE
  }

  private final Kind kind;

  public RegistryException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public RegistryException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /**
   * Whether trying again later can help without anybody's doing. A truncated or wrong blob may be a
   * passing fault too.
   */
  public boolean isTransient() {
    return kind == Kind.UNAVAILABLE || kind == Kind.DIGEST_MISMATCH;
  }
}
