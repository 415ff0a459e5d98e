package dev.dunlin.agent.trace;

import java.util.Map;

/** One request as a part of a trace. */
public interface RequestTrace {
  /** Instead of a status, where the client did not get its answer, or not all of it. */
  int BROKEN_OFF = 0;

  /** There are no spans: the request's own trace context goes on as it came. */
  RequestTrace NONE =
      new RequestTrace() {
        @Override
        public Map<String, String> context() {
          return Map.of();
        }

        @Override
        public void servedBy(String revision, String instance) {}

        @Override
        public void end(int status) {}
      };

  /**
   * The fields that are given to the guest instead of the {@code traceparent} and {@code
   * tracestate} that came; empty: those go on.
   */
  Map<String, String> context();

  /** Who answers. */
  void servedBy(String revision, String instance);

  /**
   * It is over.
   *
   * @param status of the answer, or {@link #BROKEN_OFF}
   */
  void end(int status);
}
