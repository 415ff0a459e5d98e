package dev.dunlin.agent.module;

import dev.dunlin.oci.Credentials;
import dev.dunlin.oci.ImageReference;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
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
    var words = new ArrayList<String>(List.of(image.name()));
    for (Credentials shown : credentials) {
      words.add(shown.username());
      words.add(shown.password());
    }
    return hash(words);
  }

  /** The name of what a repository has shown by giving every byte: that it holds the module. */
  String holder(ImageReference image) {
    // Two words, where a right has one or three or more.
    return hash(List.of("holder", image.name()));
  }

  /**
   * Whether a module with {@code granted} rights may be read: by these credentials, or anybody,
   * from a repository that holds it.
   */
  boolean allow(Set<String> granted, ImageReference image, List<Credentials> credentials) {
    return granted.contains(holder(image))
        && (granted.contains(of(image, credentials)) || granted.contains(of(image, List.of())));
  }

  private String hash(List<String> words) {
    try {
      Mac mac = Mac.getInstance(HASH);
      mac.init(key);
      words.forEach(word -> update(mac, word));
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // With its length, so that no two lists of words give the same bytes.
  private static void update(Mac mac, String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    mac.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    mac.update(bytes);
  }
}
