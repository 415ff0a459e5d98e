package dev.dunlin.operator.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AppPortsTest {
  private static final OptionalInt NONE = OptionalInt.empty();
  private final AppPorts ports = new AppPorts(new PortRange(20000, 20009));

  private static PortClaim claim(String uid, String since, int port) {
    return new PortClaim(uid, since, port);
  }

  @Test
  void noTwoAppsGetTheSameThoughNoStatusShowsItYet() {
    var all = IntStream.range(0, 10).mapToObj(i -> claim("app" + i, "2026", 0)).toList();
    Set<Integer> given = new HashSet<>();

    for (var app : all) {
      var others = all.stream().filter(other -> !other.equals(app)).toList();
      given.add(ports.of(app.uid(), app.since(), NONE, others).orElseThrow());
    }

    assertThat(given).hasSize(10).allMatch(port -> port >= 20000 && port <= 20009);
    assertThat(ports.of("one more", "2026", NONE, all)).isEmpty();
  }

  @Test
  void anAppKeepsWhatItsStatusShows() {
    assertThat(ports.of("a", "2026", OptionalInt.of(12345), List.of())).hasValue(12345);
  }

  @Test
  void ofTwoThatClaimOneTheOlderKeepsIt() {
    var older = claim("z", "2025", 20003);
    var younger = claim("a", "2026", 20003);

    assertThat(ports.of("a", "2026", OptionalInt.of(20003), List.of(older)).orElseThrow())
        .isNotEqualTo(20003);
    assertThat(ports.of("z", "2025", OptionalInt.of(20003), List.of(younger))).hasValue(20003);
  }

  @Test
  void thePortOfADeletedAppIsFreeAgain() {
    var one = new AppPorts(new PortRange(20000, 20000));
    one.of("gone", "2025", NONE, List.of());

    assertThat(one.of("new", "2026", NONE, List.of())).hasValue(20000);
  }

  @Test
  void aRangeIsReadAndRefused() {
    assertThat(PortRange.parse("20000-29999")).isEqualTo(new PortRange(20000, 29999));
    assertThatThrownBy(() -> PortRange.parse("20000"))
        .hasMessage("ports must be FROM-TO; found 20000");
    assertThatThrownBy(() -> PortRange.parse("2-1"))
        .hasMessage("ports must be FROM-TO within 1-65535, FROM not above TO; found 2-1");
  }
}
