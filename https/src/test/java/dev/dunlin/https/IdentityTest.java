package dev.dunlin.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void itsCertificateIsForAServerOfThoseNamesAndThatTime() throws Exception {
    var identity =
        Identity.selfSigned(
            "logs", List.of("a.b.svc", "127.0.0.2", "::1"), NOW, Duration.ofDays(365));

    var certificate = identity.certificate();
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=logs");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "a.b.svc"), List.of(7, "127.0.0.2"), List.of(7, "0:0:0:0:0:0:0:1"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getNotAfter()).isEqualTo(Date.from(NOW.plus(Duration.ofDays(365))));
    assertThat(certificate.getNotBefore()).isEqualTo(Date.from(NOW.minus(Duration.ofHours(1))));
    assertThat(certificate.getBasicConstraints()).as("it signs no others").isEqualTo(-1);
  }

  @Test
  void itIsReadFromWhatItWrites() {
    var identity = Identity.selfSigned("logs", List.of("logs"), NOW, Duration.ofDays(1));

    assertThat(Identity.parse(identity.certificatePem(), identity.keyPem())).isEqualTo(identity);
  }

  @Test
  void somethingElseIsRefused() {
    assertThatThrownBy(() -> Identity.parse("none", "none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a certificate and its key (EC, PKCS #8) in PEM");
  }

  @Test
  void itsTextShowsNoKey() {
    var identity = Identity.selfSigned("logs", List.of("logs"), NOW, Duration.ofDays(1));

    assertThat(identity.toString()).isEqualTo("Identity[CN=logs, " + identity.fingerprint() + "]");
  }
}
