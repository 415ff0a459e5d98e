package dev.dunlin.e2e.bench.engine;

import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.agent.http.HttpMeter;
import dev.dunlin.agent.http.LostConnection;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Requests: to the guest in this process, and through the agent's own HTTP server. */
final class HttpSeries {
  private static final Limits LIMITS = Limits.defaults().withDeadline(Duration.ofSeconds(30));
  private static final int CONCURRENCY = 256;

  private HttpSeries() {}

  /** One request after another, without a network. */
  static void answer(Engine engine, byte[] wasm, int times, int requestsPerInstance)
      throws InterruptedException {
    var nanos = new ArrayList<Long>();
    try (Module module = EngineBench.loadOptimized(engine, wasm);
        HttpGuest guest = http(module, requestsPerInstance)) {
      for (int i = 0; i < times; i++) {
        long start = System.nanoTime();
        var response = new Discarded();
        EngineBench.require(guest.answer(request(), response));
        nanos.add(System.nanoTime() - start);
        if (response.status != 200) {
          throw new IllegalStateException("expected 200, found " + response.status);
        }
      }
    }
    EngineBench.print("ns", nanos);
  }

  /** As an agent does, with all that it does around a request; until standard input ends. */
  static void serve(Engine engine, byte[] wasm, int requestsPerInstance) throws IOException {
    try (Module module = EngineBench.loadOptimized(engine, wasm);
        HttpGuest guest = http(module, requestsPerInstance);
        HttpApps apps = newApps();
        var serving = apps.serve(member("bench"), guest, EngineBench.nowhere())) {
      System.out.println(serving.port());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  static HttpGuest http(Module module, int requestsPerInstance) {
    return module.http(
        EngineBench.grants(List.of("guest")),
        LIMITS,
        new HttpSettings(EngineBench.nowhere(), EngineBench.nowhere(), requestsPerInstance));
  }

  static HttpApps newApps() {
    return new HttpApps(dev.dunlin.agent.http.HttpSettings.on("127.0.0.1"), new NoMeter());
  }

  static HttpApps.Member member(String name) {
    return new HttpApps.Member(
        new AppKey("bench", name),
        name,
        "1",
        Instant.EPOCH,
        0,
        CONCURRENCY,
        Duration.ofSeconds(30));
  }

  private static HttpRequest request() {
    return new HttpRequest(
        "GET",
        "http",
        "bench.test",
        "/hello",
        "",
        List.of(new HttpHeader("host", "bench.test"), new HttpHeader("accept", "*/*")),
        InputStream.nullInputStream(),
        "127.0.0.1");
  }

  private static final class Discarded implements HttpResponse {
    private int status;

    @Override
    public OutputStream begin(int code, List<HttpHeader> headers) {
      status = code;
      return OutputStream.nullOutputStream();
    }
  }

  private record NoMeter() implements HttpMeter {
    @Override
    public void answered(AppKey app, int status, long nanos) {}

    @Override
    public void clientLeft(AppKey app) {}

    @Override
    public void connectionLost(AppKey app, LostConnection why) {}
  }
}
