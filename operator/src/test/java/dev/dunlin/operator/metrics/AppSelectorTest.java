package dev.dunlin.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppSelectorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                          | a b c | ''",
        "tier=web                                    | a b c | tier=web",
        "tier in (web,api),!old                      | a b c | tier in (web,api),!old",
        "dunlin.dev/app=a                            | a     | ''",
        "dunlin.dev/app == a , tier=web              | a     | tier=web",
        "dunlin.dev/app in (a, c)                    | a c   | ''",
        "x notin (y,z),dunlin.dev/app in (a,b)       | a b   | x notin (y,z)",
        "dunlin.dev/app in (a,b),dunlin.dev/app=b    | b     | ''",
        "dunlin.dev/app!=a                           | a b c | dunlin.dev/app!=a",
      })
  void anAppIsMeantByItsNameAndItsLabels(String selector, String meant, String labels) {
    var parsed = AppSelector.parse(selector);

    assertThat(Stream.of("a", "b", "c").filter(parsed::means)).containsExactly(meant.split(" "));
    assertThat(parsed.labels().strip()).isEqualTo(labels);
  }
}
