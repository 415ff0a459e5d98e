package dev.dunlin.oci.signature;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key that signatures are held against: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of
 * 2048 to 8192 bits (PKCS #1 v1.5), as cosign makes and takes them.
 *
 * @param algorithms signature algorithms (JDK names, and {@code Ed25519ph}) that a signer may have
 *     used
 */
public record VerificationKey(PublicKey key, List<String> algorithms) {
  /** Ed25519ph (RFC 8032), which cosign 2 and 3 make by default; the JDK has no name for it. */
  private static final String PREHASHED = "Ed25519ph";

  private static final int RSA_LEAST = 2048;
  private static final int RSA_MOST = 8192;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

  public VerificationKey {
    algorithms = List.copyOf(algorithms);
  }

  /**
   * Reads one key from PEM ({@code BEGIN PUBLIC KEY}, as {@code cosign.pub}).
   *
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static VerificationKey parse(String pem) {
    Matcher block = PEM.matcher(pem);
    if (!block.matches()) {
      throw new IllegalArgumentException(
          "expected one PEM block BEGIN PUBLIC KEY (as cosign.pub), found " + begin(pem));
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expected base64 in the PEM block: " + e.getMessage(), e);
    }
    return of(der);
  }

  private static VerificationKey of(byte[] der) {
    var spec = new X509EncodedKeySpec(der);
    for (String family : List.of("EC", "Ed25519", "RSA")) {
      PublicKey key;
      try {
        key = KeyFactory.getInstance(family).generatePublic(spec);
      } catch (InvalidKeySpecException e) {
        continue; // of another family, or of none
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      return new VerificationKey(key, algorithms(key));
    }
    throw new IllegalArgumentException(
        "expected an ECDSA (P-256, P-384, P-521), Ed25519 or RSA public key, found %d bytes that are none"
            .formatted(der.length));
  }

  private static List<String> algorithms(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec ->
          switch (ec.getParams().getOrder().bitLength()) {
            case 256 -> List.of("SHA256withECDSA");
            case 384 -> List.of("SHA256withECDSA", "SHA384withECDSA");
            case 521 -> List.of("SHA256withECDSA", "SHA512withECDSA");
            default ->
                throw new IllegalArgumentException(
                    "expected an ECDSA key on P-256, P-384 or P-521, found one on "
                        + ec.getParams());
          };
      case EdECPublicKey ed -> List.of("Ed25519", PREHASHED);
      case RSAPublicKey rsa -> {
        int bits = rsa.getModulus().bitLength();
        if (bits < RSA_LEAST || bits > RSA_MOST) {
          throw new IllegalArgumentException(
              "expected an RSA key of %d to %d bits, found %d"
                  .formatted(RSA_LEAST, RSA_MOST, bits));
        }
        yield List.of("SHA256withRSA", "SHA384withRSA", "SHA512withRSA");
      }
      default ->
          throw new IllegalArgumentException(
              "expected an ECDSA, Ed25519 or RSA key, found " + key.getAlgorithm());
    };
  }

  /** Whether {@code signature} is this key's over {@code message}. */
  boolean hasSigned(byte[] message, byte[] signature) {
    return algorithms.stream().anyMatch(it -> hasSigned(it, message, signature));
  }

  private boolean hasSigned(String algorithm, byte[] message, byte[] signature) {
    try {
      boolean prehashed = algorithm.equals(PREHASHED);
      Signature check = Signature.getInstance(prehashed ? "Ed25519" : algorithm);
      if (prehashed) {
        check.setParameter(new EdDSAParameterSpec(true));
      }
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (SignatureException | InvalidKeyException e) {
      return false; // by its form no signature, or a point that is on no curve
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String begin(String pem) {
    String first = pem.strip().lines().findFirst().orElse("");
    return first.isEmpty()
        ? "nothing"
        : "'" + first.substring(0, Math.min(first.length(), 60)) + "'";
  }
}
