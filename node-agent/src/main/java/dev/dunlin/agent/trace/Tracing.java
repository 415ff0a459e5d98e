package dev.dunlin.agent.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each request and sends spans to an OTLP receiver: in batches, aside from the
 * requests. A receiver that is slow or away costs spans, never a request.
 */
public final class Tracing implements AutoCloseable {
  /** Makes none. */
  public static final Tracing OFF = new Tracing(null);

  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration EXPORT_EVERY = Duration.ofSeconds(1);
  private static final int MOST_WAITING = 8_192;
  private static final long LAST_EXPORT_SECONDS = 3;
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<Function<String, @Nullable String>> FIELDS =
      (header, name) -> header == null ? null : header.apply(name);

  /** Any other could be as many names as clients like. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  private static final AttributeKey<String> NAMESPACE =
      AttributeKey.stringKey("k8s.namespace.name");
  private static final AttributeKey<String> APP = AttributeKey.stringKey("dunlin.app");
  private static final AttributeKey<String> REVISION = AttributeKey.stringKey("dunlin.revision");
  private static final AttributeKey<String> INSTANCE = AttributeKey.stringKey("dunlin.instance");
  private static final AttributeKey<String> REQUEST_ID =
      AttributeKey.stringKey("dunlin.request_id");

  private final @Nullable SdkTracerProvider provider;
  private final @Nullable Tracer tracer;

  private Tracing(@Nullable SdkTracerProvider provider) {
    this.provider = provider;
    this.tracer = provider == null ? null : provider.get("dev.dunlin.agent");
  }

  /** As the settings say. */
  public static Tracing of(TraceSettings settings, String nodeName) {
    return settings.endpoint().map(to -> to(to, settings.ratio(), nodeName)).orElse(OFF);
  }

  private static Tracing to(URI endpoint, double ratio, String nodeName) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString())
            .setTimeout(EXPORT_TIMEOUT)
            .setCompression("gzip")
            .build();
    return new Tracing(
        SdkTracerProvider.builder()
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                "dunlin-agent",
                                AttributeKey.stringKey("service.instance.id"),
                                nodeName,
                                AttributeKey.stringKey("k8s.node.name"),
                                nodeName))))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(MOST_WAITING)
                    .setScheduleDelay(EXPORT_EVERY)
                    .setExporterTimeout(EXPORT_TIMEOUT)
                    .build())
            .build());
  }

  /** Whether there are spans at all. */
  public boolean isOn() {
    return tracer != null;
  }

  /** A request has come. */
  public RequestTrace begin(TracedRequest request) {
    if (tracer == null) {
      return RequestTrace.NONE;
    }
    boolean known = METHODS.contains(request.method());
    return new SpanTrace(
        tracer
            .spanBuilder(known ? request.method() : "HTTP")
            .setParent(W3C.extract(Context.root(), request.header(), FIELDS))
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(METHOD, known ? request.method() : "_OTHER")
            .setAttribute(PATH, request.path())
            .setAttribute(SCHEME, "http")
            .setAttribute(SERVER, request.authority())
            .setAttribute(CLIENT, request.client())
            .setAttribute(NAMESPACE, request.namespace())
            .setAttribute(APP, request.app())
            .setAttribute(REQUEST_ID, request.requestId())
            .startSpan());
  }

  /** Sends what is left. */
  @Override
  public void close() {
    if (provider != null) {
      provider.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private record SpanTrace(Span span) implements RequestTrace {
    @Override
    public Map<String, String> context() {
      var fields = new HashMap<String, String>();
      W3C.inject(
          span.storeInContext(Context.root()),
          fields,
          (into, name, value) -> {
            if (into != null) {
              into.put(name, value);
            }
          });
      return fields;
    }

    @Override
    public void servedBy(String revision, String instance) {
      span.setAttribute(REVISION, revision).setAttribute(INSTANCE, instance);
    }

    @Override
    public void end(int status) {
      if (status != BROKEN_OFF) {
        span.setAttribute(STATUS, (long) status);
      }
      if (status >= 500 || status == BROKEN_OFF) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    }
  }
}
