package dev.dunlin.operator.agent;

import dev.dunlin.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Short-lived tokens of a ServiceAccount that agents answer to, each made for one agent: neither
 * the API server nor another agent takes it.
 */
public final class AgentTokens {
  private static final Duration VALID = Duration.ofMinutes(10); // the shortest there is
  private static final Duration USED = Duration.ofMinutes(7);

  private final KubernetesClient client;
  private final String namespace;
  private final String account;
  private final Clock clock;
  private final Map<String, Made> byNode = new ConcurrentHashMap<>();

  private record Made(String token, Instant at) {}

  public AgentTokens(KubernetesClient client, String namespace, String account, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.account = account;
    this.clock = clock;
  }

  /** One for that node's agent; the fabric8 client's exceptions say why there is none. */
  public String of(String node) {
    var now = clock.instant();
    byNode.values().removeIf(made -> made.at().plus(USED).isBefore(now));
    @Nullable Made known = byNode.get(node);
    if (known != null) return known.token();
    String token =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(account)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withAudiences(Api.AGENT_AUDIENCE + node)
                    .withExpirationSeconds(VALID.toSeconds())
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    byNode.put(node, new Made(token, now));
    return token;
  }

  /** The agent has refused it. */
  public void forget(String node) {
    byNode.remove(node);
  }
}
