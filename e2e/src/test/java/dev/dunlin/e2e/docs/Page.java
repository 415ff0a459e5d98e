package dev.dunlin.e2e.docs;

import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One page of the repository in Markdown.
 *
 * @param path relative to the repository's root
 */
record Page(Path path, String text) {
  private static final Pattern FENCE = Pattern.compile("^( *)```(\\w*).*$");
  private static final Pattern LINK = Pattern.compile("(?<!\\\\)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern NAMED = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");
  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", ".git", "build-deps");

  /** A block of code: its language, its text, the line where it begins, and the line before it. */
  record Block(Page page, String language, int line, String before, String text) {
    @Override
    public String toString() {
      return page.path + ":" + line;
    }
  }

  /** Every page that is committed. */
  static List<Page> all() throws IOException {
    Path root = Repository.root();
    var found = new ArrayList<Page>();
    for (String folder : List.of("docs", "examples", "bench", "helm", "wasm-engine/guests")) {
      try (Stream<Path> files = Files.walk(root.resolve(folder))) {
        files.filter(Page::isPage).sorted().map(Page::read).forEach(found::add);
      }
    }
    try (Stream<Path> files = Files.list(root)) {
      files.filter(Page::isPage).sorted().map(Page::read).forEach(found::add);
    }
    return found;
  }

  private static boolean isPage(Path file) {
    for (Path part : Repository.root().relativize(file)) {
      if (NOT_OURS.contains(part.toString())) return false;
    }
    return file.toString().endsWith(".md");
  }

  private static Page read(Path file) {
    try {
      return new Page(Repository.root().relativize(file), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Block> blocks() {
    var blocks = new ArrayList<Block>();
    List<String> lines = text.lines().toList();
    for (int begin = 0; begin < lines.size(); begin++) {
      var fence = FENCE.matcher(lines.get(begin));
      if (!fence.matches()) continue;
      int end = begin + 1;
      while (end < lines.size() && !lines.get(end).strip().equals("```")) end++;
      int indent = fence.group(1).length();
      String code =
          lines.subList(begin + 1, end).stream()
              .map(line -> line.substring(Math.min(indent, line.length())) + "\n")
              .collect(Collectors.joining());
      String before = begin == 0 ? "" : lines.get(begin - 1).strip();
      blocks.add(new Block(this, fence.group(2), begin + 1, before, code));
      begin = end;
    }
    return blocks;
  }

  /** Where its links lead, outside of code. */
  List<String> links() {
    return LINK.matcher(prose().replaceAll("`[^`\n]*`", "x"))
        .results()
        .map(link -> link.group(1))
        .toList();
  }

  /** The anchors that GitHub makes of its headings, and those that it names itself. */
  Set<String> anchors() {
    var anchors = new LinkedHashSet<String>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : prose().lines().toList()) {
      if (!line.matches("#{1,6} .*")) continue;
      String anchor = anchor(line.replaceFirst("^#+ +", ""));
      int before = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    NAMED.matcher(text).results().forEach(name -> anchors.add(name.group(1)));
    return anchors;
  }

  private static String anchor(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  /** The text without its blocks of code. */
  private String prose() {
    var prose = new StringBuilder();
    boolean code = false;
    for (String line : text.lines().toList()) {
      if (FENCE.matcher(line).matches()) code = !code;
      else if (!code) prose.append(line).append('\n');
    }
    return prose.toString();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
