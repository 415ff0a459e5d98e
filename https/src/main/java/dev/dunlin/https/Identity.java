package dev.dunlin.https;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A private key and the certificate that goes with it. Its text never shows the key. */
public record Identity(PrivateKey key, X509Certificate certificate) {
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final int DNS_NAME = 0x82;
  private static final int IP_ADDRESS = 0x87;

  /** Clocks differ: it is valid a while before it was made. */
  private static final Duration BEFOREHAND = Duration.ofHours(1);

  /**
   * A new key with a certificate that it has signed itself (RFC 5280, ECDSA with P-256), for a
   * server of those names; what looks like an IP address becomes one.
   */
  public static Identity selfSigned(
      String commonName, List<String> names, Instant now, Duration validFor) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      byte[] content = content(commonName, names, now, validFor, keys);
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(keys.getPrivate());
      signer.update(content);
      byte[] certificate = Der.sequence(content, algorithm(), Der.bits(0, signer.sign()));
      return new Identity(keys.getPrivate(), parse(certificate));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has ECDSA with P-256", e);
    }
  }

  private static byte[] content(
      String commonName, List<String> names, Instant now, Duration validFor, KeyPair keys) {
    byte[] name =
        Der.sequence(Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.utf8(commonName))));
    byte[][] alternatives = names.stream().map(Identity::alternative).toArray(byte[][]::new);
    byte[] extensions =
        Der.sequence(
            Der.sequence(
                Der.identifier(KEY_USAGE),
                Der.yes(),
                Der.octets(Der.bits(7, new byte[] {(byte) 0x80}))), // digitalSignature
            Der.sequence(
                Der.identifier(EXTENDED_KEY_USAGE),
                Der.octets(Der.sequence(Der.identifier(SERVER_AUTH)))),
            Der.sequence(
                Der.identifier(ALTERNATIVE_NAMES), Der.octets(Der.sequence(alternatives))));
    return Der.sequence(
        Der.tagged(0xa0, Der.integer(BigInteger.TWO)), // version 3
        Der.integer(new BigInteger(127, new SecureRandom()).add(BigInteger.ONE)),
        algorithm(),
        name,
        Der.sequence(Der.time(now.minus(BEFOREHAND)), Der.time(now.plus(validFor))),
        name,
        keys.getPublic().getEncoded(),
        Der.tagged(0xa3, extensions));
  }

  private static byte[] algorithm() {
    return Der.sequence(Der.identifier(ECDSA_WITH_SHA256));
  }

  private static byte[] alternative(String name) {
    try {
      return Der.tagged(IP_ADDRESS, InetAddress.ofLiteral(name).getAddress());
    } catch (IllegalArgumentException noAddress) {
      return Der.tagged(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * Reads what {@link #certificatePem} and {@link #keyPem} give.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static Identity parse(String certificatePem, String keyPem) {
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(unwrapped(keyPem)));
      return new Identity(key, parse(certificatePem.strip().getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "expected a certificate and its key (EC, PKCS #8) in PEM, found: " + e.getMessage(), e);
    }
  }

  private static X509Certificate parse(byte[] certificate) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate));
  }

  private static byte[] unwrapped(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }

  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  public String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), type)
        .replace(System.lineSeparator(), "\n");
  }

  /** SHA-256 of the certificate, in hexadecimal digits. */
  public String fingerprint() {
    return fingerprint(certificate);
  }

  static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Identity[" + certificate.getSubjectX500Principal() + ", " + fingerprint() + "]";
  }
}
