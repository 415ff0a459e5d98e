package dev.dunlin.api.v1alpha1;

/**
 * What an app may be scaled by: what is shared out among its instances. (A latency is not: twice
 * the instances have not half of it each.)
 */
public enum MetricName {
  requests_per_second,
  concurrent_requests,
  cpu_cores,
  memory_bytes
}
