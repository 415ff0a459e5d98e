package dev.dunlin.operator.volume;

/** A WasmVolume was given to another app or node since a plan was made; a new plan will know. */
public final class VolumeTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VolumeTakenException(String message) {
    super(message);
  }
}
