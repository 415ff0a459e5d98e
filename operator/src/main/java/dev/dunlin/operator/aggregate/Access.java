package dev.dunlin.operator.aggregate;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what, as the API server says (SubjectAccessReview); remembered for a few seconds.
 */
final class Access {
  private static final Duration REMEMBERED = Duration.ofSeconds(10);
  private static final int MOST_REMEMBERED = 1_000;

  private final KubernetesClient client;
  private final LongSupplier nanoTime;

  /** Guarded by itself. */
  private final Map<Question, Answer> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Answer> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Question(
      User user, String group, String namespace, String resource, String name, String sub) {}

  private record Answer(boolean allowed, long at) {}

  Access(KubernetesClient client, LongSupplier nanoTime) {
    this.client = client;
    this.nanoTime = nanoTime;
  }

  /** Whether the user may; the fabric8 client's exceptions say why that is not known. */
  boolean allows(User user, ApiRequest request) {
    var question =
        new Question(
            user,
            request.group(),
            request.namespace(),
            request.resource(),
            request.name(),
            request.subresource());
    long now = nanoTime.getAsLong();
    synchronized (answers) {
      @Nullable Answer known = answers.get(question);
      if (known != null && now - known.at() < REMEMBERED.toNanos()) return known.allowed();
    }
    var answer =
        client.authorization().v1().subjectAccessReview().create(review(user, request)).getStatus();
    boolean allowed = answer != null && Boolean.TRUE.equals(answer.getAllowed());
    synchronized (answers) {
      answers.remove(question);
      answers.put(question, new Answer(allowed, now));
    }
    return allowed;
  }

  private static SubjectAccessReview review(User user, ApiRequest request) {
    return new SubjectAccessReviewBuilder()
        .withNewSpec()
        .withUser(user.name())
        .withUid(user.uid())
        .withGroups(user.groups())
        .withExtra(new HashMap<>(user.extra()))
        .withNewResourceAttributes()
        .withVerb(request.verb())
        .withGroup(request.group())
        .withVersion(request.version())
        .withNamespace(request.namespace())
        .withResource(request.resource())
        .withName(emptyAsNull(request.name()))
        .withSubresource(emptyAsNull(request.subresource()))
        .endResourceAttributes()
        .endSpec()
        .build();
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
