package dev.dunlin.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class run against a real kube-apiserver with Dunlin's CRDs, or are skipped
 * loudly where this machine has none. Test methods may ask for a {@link ControlPlane}, and for a
 * {@link Kubectl} or {@link io.fabric8.kubernetes.client.KubernetesClient} whose namespace is the
 * test's own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("api-server")
@ExtendWith(RealApiServer.class)
public @interface OnRealApiServer {
  /** Whether kube-controller-manager runs too: garbage collection, namespaces, HPA. */
  boolean controllers() default false;

  /** Whether the class has a control plane to itself, e.g. to stop it; else all share one. */
  boolean own() default false;

  /**
   * Which of the control planes that several classes share; they are started when first asked for.
   */
  String shared() default "";
}
