package dev.dunlin.agent.http;

import java.util.concurrent.Semaphore;

/**
 * What the ports of an agent have in common.
 *
 * @param places one for each connection that the agent may have
 */
record Shared(
    HttpSettings settings,
    HelidonHttp helidon,
    AppHandler handler,
    HttpMeter meter,
    Semaphore places) {}
