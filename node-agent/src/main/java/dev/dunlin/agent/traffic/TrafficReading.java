package dev.dunlin.agent.traffic;

import java.util.List;

/**
 * What one revision of an app has had since it came to this agent.
 *
 * @param status answers of class 1xx to 5xx
 * @param latency answers by how long they took, by the bounds that are read with it; the last has
 *     what is above them all
 * @param waitedSeconds of all requests together, for their turn
 * @param inFlight requests that are here now, waiting or worked on
 * @param waiting those of them that wait
 */
public record TrafficReading(
    String namespace,
    String app,
    String revision,
    List<Long> status,
    List<Long> latency,
    double waitedSeconds,
    int inFlight,
    int waiting) {}
