package dev.dunlin.agent.trace;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of a request its span tells. The query is not among it: it may hold secrets.
 *
 * @param header the first value of a field by its name
 */
public record TracedRequest(
    String namespace,
    String app,
    String method,
    String path,
    String authority,
    String client,
    String requestId,
    Function<String, @Nullable String> header) {}
