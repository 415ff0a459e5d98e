package dev.dunlin.operator.metrics;

import java.time.Instant;
import java.util.Optional;

/**
 * What apps do, as their agents report it. To ask is to want it: an app's agents are read while
 * somebody has asked within the last five minutes, so at first nothing is known, and a few seconds
 * later there are figures. Nothing here waits.
 */
public interface AppMetrics {
  /** Nobody is asked, and nothing is known. */
  AppMetrics NONE =
      new AppMetrics() {
        @Override
        public void want(String namespace, String app) {}

        @Override
        public Optional<Figures> figures(String namespace, String app) {
          return Optional.empty();
        }

        @Override
        public boolean isAwaited(String namespace, String app) {
          return false;
        }

        @Override
        public String whyUnknown(String namespace, String app) {
          return "this operator reads no agents";
        }

        @Override
        public Answered since(String namespace, String app, String revision, Instant began) {
          return Answered.NOTHING;
        }
      };

  /** Has the app's agents read from now on, for whoever asks next. */
  void want(String namespace, String app);

  /**
   * Of all revisions together; empty where nothing is known. Rates are known from the second
   * reading on: before it the window is zero.
   */
  Optional<Figures> figures(String namespace, String app);

  /** Whether its agents are being asked for the first time, so that more is known in a moment. */
  boolean isAwaited(String namespace, String app);

  /** Why figures are empty, for people. */
  String whyUnknown(String namespace, String app);

  /**
   * What one revision has answered since {@code began}, or since its agents have been read if that
   * was later (the operator has started anew, say). Whoever asks goes on with the same {@code
   * began}, at least every five minutes.
   */
  Answered since(String namespace, String app, String revision, Instant began);
}
