package dev.dunlin.agent.admin;

import dev.dunlin.agent.traffic.Answers;
import dev.dunlin.agent.traffic.TrafficReading;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The series of each revision of each app: read from its counters whenever they are scraped, so
 * that what is gone is gone from here too. There are none for classes of status, traps and the like
 * that have not been.
 */
final class AppSeries implements MultiCollector {
  private final AppTraffic traffic;

  AppSeries(AppTraffic traffic) {
    this.traffic = traffic;
  }

  @Override
  public MetricSnapshots collect() {
    var read = new Read(traffic.read(app -> true));
    return MetricSnapshots.of(
        read.requests(traffic.latencyBounds()),
        read.gauge(
            "dunlin_app_requests_in_flight",
            "Requests here now, waiting or worked on",
            TrafficReading::inFlight),
        read.gauge(
            "dunlin_app_requests_waiting",
            "Requests here now that wait for their turn",
            TrafficReading::waiting),
        read.queueWait(),
        read.counter(
            "dunlin_app_cpu_seconds",
            "Time on processors that guests have used",
            TrafficReading::cpuSeconds),
        read.gauge(
            "dunlin_app_memory_bytes",
            "Linear memory and tables that guests have now",
            TrafficReading::memoryBytes),
        read.gauge("dunlin_app_instances", "Instances here", TrafficReading::instances),
        read.counter(
            "dunlin_app_cold_starts",
            "Idle instances that were brought back for a request",
            TrafficReading::coldStarts),
        read.counter(
            "dunlin_app_cold_start_seconds",
            "Time that bringing back idle instances took",
            TrafficReading::coldStartSeconds),
        read.counter("dunlin_app_restarts", "Starts after the first", TrafficReading::restarts),
        read.traps(),
        read.outbound());
  }

  private record Read(List<TrafficReading> all) {
    HistogramSnapshot requests(List<Double> latencyBounds) {
      var bounds = new ArrayList<>(latencyBounds);
      bounds.add(Double.POSITIVE_INFINITY);
      var family =
          HistogramSnapshot.builder()
              .name("dunlin_app_requests_seconds")
              .help("Requests answered, by class of status and by how long they took");
      for (TrafficReading one : all) {
        for (int i = 0; i < one.answers().size(); i++) {
          Answers answers = one.answers().get(i);
          if (answers.count() > 0) {
            family.dataPoint(
                HistogramDataPointSnapshot.builder()
                    .labels(labels(one).add("status", (i + 1) + "xx"))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, answers.latency()))
                    .sum(answers.seconds())
                    .build());
          }
        }
      }
      return family.build();
    }

    SummarySnapshot queueWait() {
      var family =
          SummarySnapshot.builder()
              .name("dunlin_app_queue_wait_seconds")
              .help("Time that requests waited for their turn");
      for (TrafficReading one : all) {
        if (one.waits() > 0) {
          family.dataPoint(
              SummaryDataPointSnapshot.builder()
                  .labels(labels(one))
                  .count(one.waits())
                  .sum(one.waitedSeconds())
                  .build());
        }
      }
      return family.build();
    }

    CounterSnapshot traps() {
      var family =
          CounterSnapshot.builder()
              .name("dunlin_app_traps")
              .help("Guests that were ended for what they did, by kind");
      for (TrafficReading one : all) {
        one.traps()
            .forEach((kind, count) ->
                family.dataPoint(
                    CounterDataPointSnapshot.builder()
                        .labels(labels(one).add("kind", kind.label()))
                        .value(count)
                        .build()));
      }
      return family.build();
    }

    CounterSnapshot outbound() {
      var family =
          CounterSnapshot.builder()
              .name("dunlin_app_outbound_requests")
              .help("Requests (wasi:http) that guests have sent, by granted host and result");
      for (TrafficReading one : all) {
        one.sent()
            .counts()
            .forEach((call, count) ->
                family.dataPoint(
                    CounterDataPointSnapshot.builder()
                        .labels(
                            labels(one)
                                .add("host", call.host())
                                .add("result", call.result().label()))
                        .value(count)
                        .build()));
      }
      return family.build();
    }

    CounterSnapshot counter(String name, String help, ToDoubleFunction<TrafficReading> value) {
      var family = CounterSnapshot.builder().name(name).help(help);
      for (TrafficReading one : all) {
        family.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(labels(one))
                .value(value.applyAsDouble(one))
                .build());
      }
      return family.build();
    }

    GaugeSnapshot gauge(String name, String help, ToDoubleFunction<TrafficReading> value) {
      var family = GaugeSnapshot.builder().name(name).help(help);
      for (TrafficReading one : all) {
        family.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(labels(one))
                .value(value.applyAsDouble(one))
                .build());
      }
      return family.build();
    }

    private static Labels labels(TrafficReading one) {
      return Labels.of(
          AgentMetrics.NAMESPACE,
          one.namespace(),
          AgentMetrics.APP,
          one.app(),
          "revision",
          one.revision());
    }
  }
}
