package dev.dunlin.agent.module;

import dev.dunlin.oci.Credentials;
import dev.dunlin.oci.ImageReference;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers who has shown the registry's leave to read a module, as keyed hashes of repository and
 * credentials: the disk holds no password, nor anything to test guesses with but the key.
 */
final class PullRights {
  private static final String HASH = "HmacSHA256";

  private final SecretKeySpec key;

  PullRights(byte[] key) {
    this.key = new SecretKeySpec(key, HASH);
  }

  /** The name of the right to read {@code image} with these credentials; none is anybody. */
  String of(ImageReference image, List<Credentials> credentials) {
    try {
      Mac mac = Mac.getInstance(HASH);
      mac.init(key);
      update(mac, image.name());
      for (Credentials shown : credentials) {
        update(mac, shown.username());
        update(mac, shown.password());
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a module with {@code granted} rights may be read: by these credentials, or anybody. */
  boolean allow(Set<String> granted, ImageReference image, List<Credentials> credentials) {
    return granted.contains(of(image, credentials)) || granted.contains(of(image, List.of()));
  }

  // With its length, so that no two lists of words give the same bytes.
  private static void update(Mac mac, String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    mac.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    mac.update(bytes);
  }
}
