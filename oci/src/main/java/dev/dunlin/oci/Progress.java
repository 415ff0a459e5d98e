package dev.dunlin.oci;

/** Hears how far a fetch is. Called on the fetching thread; what it throws ends the fetch. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (received, total) -> {};

  /**
   * Called first with what an earlier attempt left, then after every read.
   *
   * @param received bytes so far
   * @param total bytes that the registry announces for the blob under way
   */
  void received(long received, long total);
}
