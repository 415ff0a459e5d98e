package dev.dunlin.operator.aggregate;

import dev.dunlin.https.Identity;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator shows when it is asked: one certificate for all its replicas, in a Secret, made
 * by the first that finds none, and made anew when two thirds of its time are over. The one before
 * stays trusted, since another replica may still show it.
 */
final class ServingCertificate {
  static final Duration VALID = Duration.ofDays(365);

  private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String TRUSTED = "ca.crt";
  private static final int CONFLICTS = 3;

  private final KubernetesClient client;
  private final String namespace;
  private final String secretName;
  private final List<String> names;
  private final Supplier<List<OwnerReference>> owners;
  private final Clock clock;

  /**
   * What the Secret holds.
   *
   * @param trusted certificates in PEM, this one's among them
   */
  record Held(Identity identity, String trusted) {}

  /**
   * One for a server of those names.
   *
   * @param names the first is its subject's
   * @param owners with whom the Secret goes
   */
  ServingCertificate(
      KubernetesClient client,
      String namespace,
      String secretName,
      List<String> names,
      Supplier<List<OwnerReference>> owners,
      Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.secretName = secretName;
    this.names = List.copyOf(names);
    this.owners = owners;
    this.clock = clock;
  }

  /** A new one that nobody else knows. */
  Identity unknown() {
    return Identity.selfSigned(names.getFirst(), names, clock.instant(), VALID);
  }

  /** The present one; the fabric8 client's exceptions say why there is none. */
  Held held() {
    for (int attempt = 0; attempt < CONFLICTS; attempt++) {
      @Nullable Secret found = client.secrets().inNamespace(namespace).withName(secretName).get();
      Optional<Held> held = Optional.ofNullable(found).flatMap(ServingCertificate::parse);
      if (held.isPresent() && !isOld(held.get().identity())) return held.get();
      var next = unknown();
      String trusted =
          next.certificatePem() + held.map(it -> it.identity().certificatePem()).orElse("");
      if (written(found, next, trusted)) {
        LOG.info(
            "Made a serving certificate in Secret {}/{}, valid until {}",
            namespace,
            secretName,
            next.certificate().getNotAfter().toInstant());
        return new Held(next, trusted);
      }
    }
    throw new IllegalStateException(
        "Secret %s/%s was changed by others while a certificate was put into it"
            .formatted(namespace, secretName));
  }

  /** False when another replica was faster. */
  private boolean written(@Nullable Secret found, Identity identity, String trusted) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(secretName)
            .withLabels(Map.of("app.kubernetes.io/managed-by", "dunlin-operator"))
            .withOwnerReferences(owners.get())
            .endMetadata()
            .withType("kubernetes.io/tls")
            .addToData(CERTIFICATE, base64(identity.certificatePem()))
            .addToData(KEY, base64(identity.keyPem()))
            .addToData(TRUSTED, base64(trusted))
            .build();
    try {
      if (found == null) client.resource(secret).create();
      else {
        secret.getMetadata().setResourceVersion(found.getMetadata().getResourceVersion());
        client.resource(secret).update();
      }
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409) return false;
      throw e;
    }
  }

  private boolean isOld(Identity identity) {
    Instant from = identity.certificate().getNotBefore().toInstant();
    Instant end = identity.certificate().getNotAfter().toInstant();
    Duration twoThirds = Duration.between(from, end).multipliedBy(2).dividedBy(3);
    return clock.instant().isAfter(from.plus(twoThirds)) || !isForUs(identity);
  }

  private boolean isForUs(Identity identity) {
    return names
        .getFirst()
        .equals(
            identity.certificate().getSubjectX500Principal().getName().replaceFirst("^CN=", ""));
  }

  private static Optional<Held> parse(Secret secret) {
    try {
      return Optional.of(
          new Held(
              Identity.parse(text(secret, CERTIFICATE), text(secret, KEY)), text(secret, TRUSTED)));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "Secret {}/{} holds no certificate of this operator ({}); it is written anew",
          secret.getMetadata().getNamespace(),
          secret.getMetadata().getName(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static String text(Secret secret, String key) {
    @Nullable String value = secret.getData() == null ? null : secret.getData().get(key);
    if (value == null) throw new IllegalArgumentException("no " + key);
    return new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
