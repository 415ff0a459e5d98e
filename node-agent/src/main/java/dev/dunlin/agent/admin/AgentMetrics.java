package dev.dunlin.agent.admin;

import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.HttpMeter;
import dev.dunlin.agent.http.LostConnection;
import dev.dunlin.agent.instance.InstanceMeter;
import dev.dunlin.api.v1alpha1.InstancePhase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** The agent's numbers; those of an app go when its last instance here does. */
public final class AgentMetrics implements HttpMeter, InstanceMeter, AutoCloseable {
  static final String NAMESPACE = "namespace";
  static final String APP = "app";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final JvmGcMetrics gc = new JvmGcMetrics();

  public AgentMetrics() {
    gc.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Watches how many instances are in each phase. */
  public void watchPhases(Supplier<Map<InstancePhase, Integer>> phases) {
    for (InstancePhase phase : InstancePhase.values()) {
      Gauge.builder("dunlin.agent.instances", () -> phases.get().getOrDefault(phase, 0))
          .description("Instances on this agent by phase")
          .tag("phase", phase.name())
          .register(registry);
    }
  }

  /** Watches what apps do. */
  public void watchApps(AppTraffic traffic) {
    registry.getPrometheusRegistry().register(new AppSeries(traffic));
  }

  /** Watches a number. */
  public void watch(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  @Override
  public void answered(AppKey app, int status, long nanos) {
    Counter.builder("dunlin.app.requests.unserved")
        .description("Requests answered by the agent, no instance had a part in")
        .tag(NAMESPACE, app.namespace())
        .tag(APP, app.name())
        .tag("status", Math.clamp(status / 100, 1, 5) + "xx")
        .register(registry)
        .increment();
  }

  @Override
  public void clientLeft(AppKey app) {
    counter("dunlin.app.clients.left", "Clients that left before they were answered", app)
        .increment();
  }

  @Override
  public void connectionLost(AppKey app, LostConnection why) {
    Counter.builder("dunlin.app.connections.lost")
        .description("Clients' connections that were not served")
        .tag(NAMESPACE, app.namespace())
        .tag(APP, app.name())
        .tag("reason", why.name())
        .register(registry)
        .increment();
  }

  @Override
  public void refused(AppKey app, String reason) {
    Counter.builder("dunlin.app.requests.refused")
        .description("Requests that the agent answered in the app's place")
        .tag(NAMESPACE, app.namespace())
        .tag(APP, app.name())
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  @Override
  public void loaded(String result) {
    Counter.builder("dunlin.agent.loads")
        .description("Modules fetched and compiled, or found in memory")
        .tag("result", result)
        .register(registry)
        .increment();
  }

  @Override
  public void throttled(String namespace, String app, Duration time) {
    Counter.builder("dunlin.app.cpu.throttled")
        .description("Time that an app was made to wait since it was over its CPU limit")
        .baseUnit("seconds")
        .tag(NAMESPACE, namespace)
        .tag(APP, app)
        .register(registry)
        .increment(time.toNanos() / 1e9);
  }

  /** Lines of output that were not written. */
  public void dropped(String namespace, String app, long lines) {
    counter("dunlin.app.log.dropped", "Lines of output dropped", new AppKey(namespace, app))
        .increment((double) lines);
  }

  /** A log was asked for. */
  public void logsAsked(int status) {
    Counter.builder("dunlin.agent.log.requests")
        .description("Requests for logs, by status")
        .tag("status", String.valueOf(status))
        .register(registry)
        .increment();
  }

  @Override
  public void forget(String namespace, String app) {
    registry.getMeters().stream()
        .filter(meter ->
            namespace.equals(meter.getId().getTag(NAMESPACE))
                && app.equals(meter.getId().getTag(APP)))
        .toList()
        .forEach(registry::remove);
  }

  /** All of them in Prometheus' text format. */
  public String text() {
    return registry.scrape();
  }

  MeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  private Counter counter(String name, String description, AppKey app) {
    return Counter.builder(name)
        .description(description)
        .tag(NAMESPACE, app.namespace())
        .tag(APP, app.name())
        .register(registry);
  }
}
