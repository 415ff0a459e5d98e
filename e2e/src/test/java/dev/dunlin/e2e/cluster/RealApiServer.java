package dev.dunlin.e2e.cluster;

import dev.dunlin.e2e.child.Child;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link OnRealApiServer} does. */
public final class RealApiServer
    implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(RealApiServer.class);
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static final Optional<KubernetesBinaries> BINARIES = KubernetesBinaries.find();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return BINARIES.isPresent()
        ? ConditionEvaluationResult.enabled("Kubernetes is at " + BINARIES.get().folder())
        : ConditionEvaluationResult.disabled(
            SkippedTests.REASON + KubernetesBinaries.whatIsMissing());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == ControlPlane.class || type == Kubectl.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ControlPlane controlPlane = controlPlane(context);
    Class<?> type = parameter.getParameter().getType();
    if (type == ControlPlane.class) return controlPlane;
    String namespace = namespace(context, controlPlane);
    if (type == Kubectl.class) return controlPlane.kubectl().inNamespace(namespace);
    return context
        .getStore(HERE)
        .computeIfAbsent(
            KubernetesClient.class,
            key -> controlPlane.newClient(namespace),
            KubernetesClient.class);
  }

  /** The control plane of the class that runs. */
  public static ControlPlane controlPlane(ExtensionContext context) {
    OnRealApiServer wish =
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), OnRealApiServer.class)
            .orElseThrow();
    ExtensionContext owner =
        wish.own() && context.getTestMethod().isPresent()
            ? context.getParent().orElseThrow()
            : wish.own() ? context : context.getRoot();
    ControlPlane controlPlane =
        owner
            .getStore(HERE)
            .computeIfAbsent("control plane " + wish.shared(), key -> boot(), ControlPlane.class);
    if (wish.controllers()) controlPlane.startControllers();
    return controlPlane;
  }

  private static ControlPlane boot() {
    ControlPlane controlPlane = ControlPlane.start(BINARIES.orElseThrow());
    Repository.installCrds(controlPlane.client());
    return controlPlane;
  }

  /** The namespace of the test that runs. */
  public static String namespace(ExtensionContext context) {
    return namespace(context, controlPlane(context));
  }

  /**
   * Whether the tests of the class share a namespace, because something before all asked for it.
   */
  public static boolean isShared(ExtensionContext context) {
    ExtensionContext all =
        context.getTestMethod().isPresent() ? context.getParent().orElseThrow() : context;
    return all.getStore(HERE).get("namespace") != null;
  }

  private static String namespace(ExtensionContext context, ControlPlane controlPlane) {
    return context
        .getStore(HERE)
        .computeIfAbsent("namespace", key -> newNamespace(context, controlPlane), String.class);
  }

  private static String newNamespace(ExtensionContext context, ControlPlane controlPlane) {
    String test = context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT);
    String name = "%s-%d".formatted(test, NAMESPACES.incrementAndGet());
    controlPlane
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) return;
    Kubectl kubectl =
        controlPlane(context).kubectl().inNamespace(namespace(context, controlPlane(context)));
    System.out.printf(
        "---- %s failed; its namespace:%n%s%n",
        context.getDisplayName(),
        kubectl.call("", "get", "wasm,services,endpointslices,events", "-o", "wide").out());
    Child.all().stream()
        .filter(child -> !child.isAlive() || !ControlPlane.PROGRAMS.contains(child.name()))
        .forEach(
            child -> System.out.printf("---- the end of %s's log:%n%s%n", child, child.tail(25)));
  }
}
