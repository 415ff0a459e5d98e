package dev.dunlin.operator.log;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.https.Response;
import dev.dunlin.operator.agent.AgentTokens;
import dev.dunlin.operator.aggregate.ApiGroup;
import dev.dunlin.operator.aggregate.ApiRequest;
import dev.dunlin.operator.aggregate.ApiResource;
import dev.dunlin.operator.aggregate.Documents;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code logs.dunlin.dev}: the log of an instance, or of all instances of an app, with the options
 * of a Pod's log.
 */
public final class LogsApi implements ApiGroup {
  /** The ServiceAccount whose tokens agents let read logs. */
  public static final String READER = "dunlin-log-reader";

  private static final Logger LOG = LoggerFactory.getLogger(LogsApi.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int MOST_INSTANCES = 50;

  private final KubernetesClient client;
  private final AgentLogs agents;

  /**
   * Reads from agents.
   *
   * @param namespace of the ServiceAccount {@link #READER}
   */
  public LogsApi(KubernetesClient client, String namespace, Clock clock) {
    this.client = client;
    this.agents = new AgentLogs(client, new AgentTokens(client, namespace, READER, clock));
  }

  @Override
  public String name() {
    return "logs.dunlin.dev";
  }

  @Override
  public String version() {
    return "v1alpha1";
  }

  @Override
  public List<ApiResource> resources() {
    return List.of(
        new ApiResource("wasmapps/log", "WasmApp"),
        new ApiResource("wasminstances/log", "WasmInstance"));
  }

  @Override
  public void answer(ApiRequest request, Response response) throws IOException {
    try {
      switch (request.resource() + "/" + request.subresource()) {
        case "wasmapps/log" -> app(request, LogOptions.parse(request.query()), response);
        case "wasminstances/log" -> instance(request, LogOptions.parse(request.query()), response);
        default ->
            Documents.refuse(response, 404, "the server could not find the requested resource");
      }
    } catch (IllegalArgumentException e) {
      Documents.refuse(response, 400, String.valueOf(e.getMessage()));
    } catch (AgentException e) {
      Documents.refuse(response, e.code() == 401 ? 503 : e.code(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new IOException("nobody reads any more", e);
    }
  }

  private void app(ApiRequest request, LogOptions options, Response response)
      throws IOException, AgentException, InterruptedException {
    var subject = new App(request.namespace(), request.name(), options.instance());
    var instances = subject.instances();
    if (subject.app() == null)
      throw new AgentException(
          404, "wasmapps.dunlin.dev \"%s\" not found".formatted(request.name()));
    if (options.instance().isPresent() && instances.isEmpty())
      throw new AgentException(
          404, "app %s has no instance %s".formatted(request.name(), options.instance().get()));
    if (instances.isEmpty() && !options.follows())
      throw new AgentException(404, "app %s has no instance now".formatted(request.name()));
    if (instances.size() > MOST_INSTANCES)
      throw new IllegalArgumentException(
          "app %s has %d instances, and at most %d logs are read at once: name one with instance="
              .formatted(request.name(), instances.size(), MOST_INSTANCES));
    boolean prefix = options.prefix().orElse(options.instance().isEmpty());
    give(subject, instances, options, prefix, response);
  }

  private void instance(ApiRequest request, LogOptions options, Response response)
      throws IOException, AgentException, InterruptedException {
    var subject = new Single(request.namespace(), request.name());
    var instances = subject.instances();
    if (instances.isEmpty())
      throw new AgentException(
          404, "wasminstances.dunlin.dev \"%s\" not found".formatted(request.name()));
    give(subject, instances, options, options.prefix().orElse(false), response);
  }

  private void give(
      FollowedLogs.Subject subject,
      List<WasmInstance> instances,
      LogOptions options,
      boolean prefix,
      Response response)
      throws IOException, AgentException, InterruptedException {
    if (options.follows()) follow(subject, options, prefix, response);
    else if (prefix || instances.size() > 1) merge(instances, options, prefix, response);
    else copy(instances.getFirst(), options, response);
  }

  private void copy(WasmInstance instance, LogOptions options, Response response)
      throws IOException, AgentException, InterruptedException {
    try (AgentLog log = agents.open(instance, options.ask())) {
      OutputStream out = response.stream(200, TEXT, log::close);
      log.copyTo(out);
      out.close(); // not where reading failed: what is cut short must not look whole
    }
  }

  private void merge(
      List<WasmInstance> instances, LogOptions options, boolean prefix, Response response)
      throws IOException, AgentException, InterruptedException {
    try (MergedLogs logs = MergedLogs.open(agents, instances, options.ask())) {
      OutputStream out = response.stream(200, TEXT, logs::close);
      logs.writeTo(new LogSink(out, prefix, options.timestamps()));
      out.close();
    }
  }

  private void follow(
      FollowedLogs.Subject subject, LogOptions options, boolean prefix, Response response)
      throws IOException, InterruptedException {
    var following = new AtomicReference<@Nullable FollowedLogs>();
    OutputStream out =
        response.stream(
            200,
            TEXT,
            () -> {
              @Nullable FollowedLogs it = following.get();
              if (it != null) it.close();
            });
    var sink = new LogSink(out, prefix, options.timestamps());
    try (var logs = new FollowedLogs(agents, subject, options, sink)) {
      following.set(logs);
      logs.run();
    }
    out.close();
    LOG.debug("A log was followed to its end");
  }

  /** All instances of an app, or one of them. */
  private final class App implements FollowedLogs.Subject {
    private final String namespace;
    private final String name;
    private final Optional<String> only;

    App(String namespace, String name, Optional<String> only) {
      this.namespace = namespace;
      this.name = name;
      this.only = only;
    }

    @Nullable WasmApp app() {
      return client.resources(WasmApp.class).inNamespace(namespace).withName(name).get();
    }

    @Override
    public List<WasmInstance> instances() {
      return client
          .resources(WasmInstance.class)
          .inNamespace(namespace)
          .withLabel(Api.APP_LABEL, name)
          .list()
          .getItems()
          .stream()
          .filter(it -> it.getSpec().appName().equals(name))
          .filter(it -> only.isEmpty() || only.get().equals(it.getMetadata().getName()))
          .sorted(Comparator.comparing(it -> it.getMetadata().getName()))
          .toList();
    }

    @Override
    public boolean isOver() {
      if (only.isPresent()) return true;
      @Nullable WasmApp app = app();
      return app == null
          || (app.getStatus() != null
              && app.getStatus().conditions().stream()
                  .filter(it -> it.type().equals("Complete") || it.type().equals("Failed"))
                  .anyMatch(Condition::isTrue));
    }

    @Override
    public @Nullable WasmInstance now(WasmInstance instance) {
      return present(instance);
    }
  }

  /** One instance. */
  private final class Single implements FollowedLogs.Subject {
    private final String namespace;
    private final String name;

    Single(String namespace, String name) {
      this.namespace = namespace;
      this.name = name;
    }

    @Override
    public List<WasmInstance> instances() {
      @Nullable WasmInstance found = find(namespace, name);
      return found == null ? List.of() : List.of(found);
    }

    @Override
    public boolean isOver() {
      return true;
    }

    @Override
    public @Nullable WasmInstance now(WasmInstance instance) {
      return present(instance);
    }
  }

  private @Nullable WasmInstance find(String namespace, String name) {
    return client.resources(WasmInstance.class).inNamespace(namespace).withName(name).get();
  }

  private @Nullable WasmInstance present(WasmInstance instance) {
    var metadata = instance.getMetadata();
    @Nullable WasmInstance found = find(metadata.getNamespace(), metadata.getName());
    return found != null && found.getMetadata().getUid().equals(metadata.getUid()) ? found : null;
  }
}
