package dev.dunlin.operator.route;

import dev.dunlin.api.v1alpha1.Route;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLSBuilder;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Ingress of an app: from an ingress controller to the app's Service. */
final class AppIngress {
  /** What should be. */
  static Ingress of(WasmApp app, Route wanted, int port) {
    var hosts =
        wanted.hostnames().isEmpty()
            ? Stream.<@Nullable String>of((String) null)
            : wanted.hostnames().stream();
    return new IngressBuilder()
        .withMetadata(AppService.metadata(app).build())
        .withNewSpec()
        .withIngressClassName(wanted.ingressClassName())
        .withTls(
            wanted.tlsSecretName() == null
                ? List.of()
                : List.of(
                    new IngressTLSBuilder()
                        .withHosts(wanted.hostnames())
                        .withSecretName(wanted.tlsSecretName())
                        .build()))
        .withRules(hosts.map(host -> rule(app, wanted, host, port)).toList())
        .endSpec()
        .build();
  }

  private static IngressRule rule(WasmApp app, Route wanted, @Nullable String host, int port) {
    return new IngressRuleBuilder()
        .withHost(host)
        .withNewHttp()
        .withPaths(
            new HTTPIngressPathBuilder()
                .withPath(wanted.pathPrefix() == null ? "/" : wanted.pathPrefix())
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(app.getMetadata().getName())
                .withNewPort()
                .withNumber(port)
                .endPort()
                .endService()
                .endBackend()
                .build())
        .endHttp()
        .build();
  }

  /** Whether {@code found} says what {@code wanted} says, and nothing else. */
  static boolean matches(Ingress found, Ingress wanted) {
    return AppService.sameMetadata(found, wanted)
        && Objects.equals(found.getSpec(), wanted.getSpec());
  }

  private AppIngress() {}
}
