package dev.dunlin.operator.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AppPortsTest {
  private static final OptionalInt NONE = OptionalInt.empty();
  private final AtomicLong nanos = new AtomicLong();
  private final AppPorts ports = ports(20000, 20009);

  private AppPorts ports(int from, int to) {
    return new AppPorts(new PortRange(from, to), nanos::get);
  }

  private static PortClaim claim(String uid, String since, int port) {
    return new PortClaim(uid, since, port);
  }

  @Test
  void noTwoAppsGetTheSameThoughNoStatusShowsItYet() {
    var all = IntStream.range(0, 10).mapToObj(i -> claim("app" + i, "2026", 0)).toList();
    Set<Integer> given = new HashSet<>();

    for (var app : all) {
      given.add(ports.of(app.uid(), app.since(), NONE, all::stream).orElseThrow());
    }

    assertThat(given).hasSize(10).allMatch(port -> port >= 20000 && port <= 20009);
    assertThat(ports.of("one more", "2026", NONE, all::stream)).isEmpty();
  }

  @Test
  void anAppKeepsWhatItsStatusShows() {
    assertThat(ports.of("a", "2026", OptionalInt.of(12345), Stream::of)).hasValue(12345);
  }

  @Test
  void ofTwoThatClaimOneTheOlderKeepsIt() {
    var older = claim("z", "2025", 20003);
    var younger = claim("a", "2026", 20003);

    assertThat(ports.of("a", "2026", OptionalInt.of(20003), () -> Stream.of(older)).orElseThrow())
        .isNotEqualTo(20003);
    assertThat(ports(20000, 20009).of("z", "2025", OptionalInt.of(20003), () -> Stream.of(younger)))
        .hasValue(20003);
  }

  @Test
  void thePortOfADeletedAppIsFreeAgain() {
    var one = ports(20000, 20000);
    one.of("gone", "2025", NONE, Stream::of);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(one.of("new", "2026", NONE, Stream::of)).hasValue(20000);
  }

  @Test
  void aPassOfOneAppDoesNotReadTheOthers() {
    ports.of("first", "2025", NONE, Stream::of);

    assertThat(
            ports.of(
                "second",
                "2026",
                NONE,
                () -> {
                  throw new AssertionError("all apps were read");
                }))
        .isPresent();
  }

  @Test
  void anOlderAppThatComesLaterWithItsPortHasItBack() {
    ports.of("young", "2026", OptionalInt.of(20003), Stream::of);

    assertThat(ports.of("old", "2025", OptionalInt.of(20003), Stream::of)).hasValue(20003);
    assertThat(ports.of("young", "2026", OptionalInt.of(20003), Stream::of).orElseThrow())
        .isNotEqualTo(20003);
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
