package dev.dunlin.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link of a page to another place of the repository leads there. */
class LinksTest {
  static List<Page> pages() throws IOException {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Page page) throws IOException {
    Map<Path, Page> pages = byPath();

    for (String link : page.links()) {
      if (link.matches("(https?|mailto):.*")) continue;
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? page.path() : beside(page, parts[0]);
      assertThat(Repository.root().resolve(target)).as("%s: %s", page, link).exists();
      if (parts.length < 2) continue;
      assertThat(pages).as("%s: %s", page, link).containsKey(target);
      assertThat(Objects.requireNonNull(pages.get(target)).anchors())
          .as("%s: %s", page, link)
          .contains(parts[1]);
    }
  }

  @Test
  void everyPageOfDocsIsOnTheMap() throws IOException {
    Map<Path, Page> pages = byPath();
    Page index = Objects.requireNonNull(pages.get(Path.of("docs/README.md")));
    var reached = new LinkedHashSet<>(List.of(index.path()));
    for (String link : index.links()) {
      if (!link.contains(":")) reached.add(beside(index, link.split("#", 2)[0]));
    }

    Set<Path> docs = new LinkedHashSet<>(pages.keySet());
    docs.removeIf(path -> !path.startsWith("docs"));
    assertThat(reached).containsAll(docs);
  }

  @Test
  void everyPictureOfDocsIsShownByAPage() throws IOException {
    var shown = new LinkedHashSet<Path>();
    for (Page page : Page.all()) {
      for (String link : page.links()) {
        if (link.endsWith(".svg") && !link.contains(":")) shown.add(beside(page, link));
      }
    }

    try (var files = Files.walk(Repository.root().resolve("docs"))) {
      assertThat(
              files.map(Repository.root()::relativize).filter(it -> it.toString().endsWith(".svg")))
          .isNotEmpty()
          .allMatch(shown::contains);
    }
  }

  private static Path beside(Page page, String link) {
    Path folder = page.path().getParent();
    return (folder == null ? Path.of(link) : folder.resolve(link)).normalize();
  }

  private static Map<Path, Page> byPath() throws IOException {
    var pages = new HashMap<Path, Page>();
    for (Page page : Page.all()) pages.put(page.path(), page);
    return pages;
  }
}
