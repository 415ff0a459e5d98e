package dev.dunlin.e2e.app;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.RealApiServer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link InSharedHouse} does. */
final class SharedHouse implements ParameterResolver, AfterEachCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(SharedHouse.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Apps.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ControlPlane controlPlane = RealApiServer.controlPlane(context);
    Inhabitants inhabitants =
        context
            .getRoot()
            .getStore(HERE)
            .computeIfAbsent(
                Inhabitants.class, key -> Inhabitants.moveIn(controlPlane), Inhabitants.class);
    return new Apps(controlPlane, inhabitants, RealApiServer.namespace(context));
  }

  /** The next test finds the nodes empty, but for what is still draining. */
  @Override
  public void afterEach(ExtensionContext context) {
    if (!RealApiServer.isShared(context)) clear(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (RealApiServer.isShared(context)) clear(context);
  }

  private static void clear(ExtensionContext context) {
    RealApiServer.controlPlane(context)
        .client()
        .resources(WasmApp.class)
        .inNamespace(RealApiServer.namespace(context))
        .delete();
  }
}
