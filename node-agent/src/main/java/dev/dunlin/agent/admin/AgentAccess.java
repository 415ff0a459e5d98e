package dev.dunlin.agent.admin;

import dev.dunlin.agent.rate.RateLimit;
import dev.dunlin.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may read what, as the API server says (TokenReview, SubjectAccessReview). Takes only tokens
 * that were made for this agent. An answer is remembered for a few seconds, as kubelet's webhook
 * does.
 */
final class AgentAccess {
  /** What came of it. */
  enum Verdict {
    ALLOWED,
    UNAUTHENTICATED,
    FORBIDDEN,
    /** Too many unknown tokens at once, or no API server to ask. */
    UNKNOWN
  }

  private static final Logger log = LoggerFactory.getLogger(AgentAccess.class);
  private static final Duration REMEMBERED = Duration.ofSeconds(10);
  private static final int MOST_REMEMBERED = 1_000;
  private static final int QUESTIONS_PER_SECOND = 20;

  private final KubernetesClient client;
  private final String audience;
  private final LongSupplier nanoTime;

  /** By token and right; guarded by itself, as is {@code questions}. */
  private final Map<Key, Answer> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Answer> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private final RateLimit questions;

  /**
   * A subresource that a reader has to be allowed to get.
   *
   * @param namespace null where the resource has none
   * @param name null: of all
   */
  record Right(
      String resource, String subresource, @Nullable String namespace, @Nullable String name) {
    @Override
    public String toString() {
      return "get %s/%s%s%s"
          .formatted(
              resource,
              subresource,
              name == null ? "" : " of " + name,
              namespace == null ? "" : " in namespace " + namespace);
    }
  }

  private record Key(String tokenHash, Right right) {}

  private record Answer(Verdict verdict, long at) {}

  AgentAccess(KubernetesClient client, String nodeName, LongSupplier nanoTime) {
    this.client = client;
    this.audience = Api.AGENT_AUDIENCE + nodeName;
    this.nanoTime = nanoTime;
    this.questions =
        new RateLimit(QUESTIONS_PER_SECOND, 2.0 * QUESTIONS_PER_SECOND, nanoTime.getAsLong());
  }

  /** To read the logs of a namespace. */
  static Right logs(String namespace) {
    return new Right("wasminstances", "log", namespace, null);
  }

  /** To read what apps do on a node. */
  static Right metrics(String nodeName) {
    return new Right("wasmnodes", "metrics", null, nodeName);
  }

  /** Whether the bearer of that token has a right. */
  Verdict of(@Nullable String token, Right right) {
    if (token == null || token.isEmpty()) {
      return Verdict.UNAUTHENTICATED;
    }
    var key = new Key(hash(token), right);
    long now = nanoTime.getAsLong();
    synchronized (answers) {
      @Nullable Answer known = answers.get(key);
      if (known != null && now - known.at() < REMEMBERED.toNanos()) {
        return known.verdict();
      }
      if (!questions.take(1, now)) {
        return Verdict.UNKNOWN;
      }
    }
    Verdict verdict;
    try {
      verdict = ask(token, right);
    } catch (KubernetesClientException e) {
      log.warn("the API server does not say who may {}: {}", right, e.getMessage());
      return Verdict.UNKNOWN;
    }
    synchronized (answers) {
      answers.remove(key);
      answers.put(key, new Answer(verdict, now));
    }
    return verdict;
  }

  private Verdict ask(String token, Right right) {
    TokenReview review =
        client
            .tokenReviews()
            .create(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token)
                    .withAudiences(audience)
                    .endSpec()
                    .build());
    var status = review.getStatus();
    if (status == null
        || !Boolean.TRUE.equals(status.getAuthenticated())
        || !status.getAudiences().contains(audience)) {
      return Verdict.UNAUTHENTICATED;
    }
    SubjectAccessReview access =
        client.authorization().v1().subjectAccessReview().create(review(status.getUser(), right));
    return access.getStatus() != null && Boolean.TRUE.equals(access.getStatus().getAllowed())
        ? Verdict.ALLOWED
        : Verdict.FORBIDDEN;
  }

  private static SubjectAccessReview review(UserInfo user, Right right) {
    return new SubjectAccessReviewBuilder()
        .withNewSpec()
        .withUser(user.getUsername())
        .withUid(user.getUid())
        .withGroups(user.getGroups())
        .withExtra(user.getExtra() == null ? Map.of() : new HashMap<>(user.getExtra()))
        .withNewResourceAttributes()
        .withNamespace(right.namespace())
        .withVerb("get")
        .withGroup(Api.GROUP)
        .withVersion(Api.VERSION)
        .withResource(right.resource())
        .withSubresource(right.subresource())
        .withName(right.name())
        .endResourceAttributes()
        .endSpec()
        .build();
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
