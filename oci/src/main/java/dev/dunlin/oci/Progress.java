package dev.dunlin.oci;

/** Hears how far a fetch is. Called on the fetching thread; what it throws ends the fetch. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (blob, received, total) -> {};

  /**
   * Called for each blob first with what an earlier attempt left, then after every read.
   *
   * @param blob the layer or configuration under way
   * @param receivedBytes so far
   * @param totalBytes that the manifest announces for it
   */
  void received(Digest blob, long receivedBytes, long totalBytes);
}
