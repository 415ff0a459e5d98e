package dev.dunlin.oci.testing;

import dev.dunlin.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;

/** Signs images as cosign does with a key, in both of its layouts. */
public final class Signer {
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";

  private final KeyPair keys;
  private final String algorithm;

  private Signer(KeyPair keys, String algorithm) {
    this.keys = keys;
    this.algorithm = algorithm;
  }

  /** One with a new ECDSA key on P-256, as {@code cosign generate-key-pair} makes them. */
  public static Signer create() {
    return of("EC", 256, "SHA256withECDSA");
  }

  /** One with a new key of another kind. */
  public static Signer of(String family, int bits, String algorithm) {
    try {
      var generator = KeyPairGenerator.getInstance(family);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return new Signer(generator.generateKeyPair(), algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public key in PEM, as {@code cosign.pub}. */
  public String pem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** The signature over some bytes, in base64. */
  public String sign(byte[] message) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(keys.getPrivate());
      signature.update(message);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What cosign's older layout signs. */
  public static byte[] payload(String dockerReference, Digest image) {
    return """
    {"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"%s"},"type":"cosign container image signature"},"optional":null}\
    """
        .formatted(dockerReference, image)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The bundle of an in-toto statement about an image. */
  public byte[] bundle(Digest image, String predicateType) {
    byte[] statement =
        """
        {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"%s":"%s"}}],"predicateType":"%s","predicate":{}}\
        """
            .formatted(image.algorithm(), image.hex(), predicateType)
            .getBytes(StandardCharsets.UTF_8);
    String type = "application/vnd.in-toto+json";
    var signed = new ByteArrayOutputStream();
    signed.writeBytes(
        "DSSEv1 %d %s %d "
            .formatted(type.length(), type, statement.length)
            .getBytes(StandardCharsets.UTF_8));
    signed.writeBytes(statement);
    return """
    {"mediaType":"%s","verificationMaterial":{"publicKey":{"hint":"x"}},"dsseEnvelope":{"payload":"%s","payloadType":"%s","signatures":[{"sig":"%s"}]}}\
    """
        .formatted(
            BUNDLE, Base64.getEncoder().encodeToString(statement), type, sign(signed.toByteArray()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Signs an image in the older layout: {@code sha256-HEX.sig}. */
  public void signByTag(InMemoryRegistry registry, String repository, Digest image) {
    byte[] payload = payload("anywhere/else", image);
    pushByTag(registry, repository, image, payload, sign(payload));
  }

  /** Leaves a payload and a signature of it in the older layout's place. */
  public static void pushByTag(
      InMemoryRegistry registry,
      String repository,
      Digest image,
      byte[] payload,
      String signature) {
    registry.push(
        repository + ":" + image.algorithm() + "-" + image.hex() + ".sig",
        Artifacts.artifact(
            "application/vnd.oci.image.config.v1+json",
            "{}",
            new Artifacts.Layer(
                "application/vnd.dev.cosign.simplesigning.v1+json",
                payload,
                ",\"annotations\":{\"dev.cosignproject.cosign/signature\":\"%s\"}"
                    .formatted(signature))));
  }

  /** Signs an image in the newer layout: a bundle that the tag {@code sha256-HEX} lists. */
  public void signByBundle(InMemoryRegistry registry, String repository, Digest image) {
    pushBundle(registry, repository, image, bundle(image, "https://sigstore.dev/cosign/sign/v1"));
  }

  /** Leaves a bundle in the newer layout's place. */
  public static void pushBundle(
      InMemoryRegistry registry, String repository, Digest image, byte[] bundle) {
    Artifact referrer = Artifacts.artifact(EMPTY, "{}", new Artifacts.Layer(BUNDLE, bundle));
    registry.push(
        repository + ":" + image.algorithm() + "-" + image.hex(),
        new Artifact(
            Artifacts.OCI_INDEX,
            """
            {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":%d,"artifactType":"%s"}]}\
            """
                .formatted(
                    Artifacts.OCI_INDEX,
                    referrer.mediaType(),
                    referrer.digest(),
                    referrer.manifest().length,
                    BUNDLE)
                .getBytes(StandardCharsets.UTF_8),
            List.of(),
            List.of(referrer)));
  }
}
