package dev.dunlin.agent.http;

/** What the ports of an agent have in common. */
record Shared(
    HttpSettings settings,
    HelidonHttp helidon,
    AppHandler handler,
    HttpMeter meter,
    Connections connections) {}
