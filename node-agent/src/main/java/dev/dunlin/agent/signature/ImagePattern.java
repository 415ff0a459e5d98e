package dev.dunlin.agent.signature;

import dev.dunlin.oci.ImageReference;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A pattern of image names: {@code *} stands for anything but a slash, {@code **} for anything.
 * Names that lead to the same registry are one: its letters' case and its scheme's own port do not
 * count, nor Docker Hub's other names.
 */
final class ImagePattern {
  private final Pattern pattern;

  ImagePattern(String glob) {
    this.pattern = Pattern.compile(regex(canonical(glob)));
  }

  boolean matches(ImageReference image) {
    return pattern.matcher(canonical(image.name())).matches();
  }

  private static String canonical(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return name;
    }
    String registry = name.substring(0, slash).toLowerCase(Locale.ROOT);
    String path = name.substring(slash + 1);
    registry = registry.replaceFirst(":0*443$", "");
    if (registry.equals("index.docker.io") || registry.equals("registry-1.docker.io")) {
      registry = "docker.io";
    }
    if (registry.equals("docker.io") && !path.contains("/") && !path.contains("**")) {
      path = "library/" + path;
    }
    return registry + "/" + path;
  }

  private static String regex(String glob) {
    var regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (glob.charAt(i) == '*') {
        regex.append("[^/]*");
      } else {
        regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
      }
    }
    return regex.toString();
  }
}
