package dev.dunlin.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryWatchTest {
  private static final long MIB = 1 << 20;

  @TempDir Path cgroup;
  private final List<Tenant> tenants = new ArrayList<>();
  private final List<String> evicted = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private long seconds;

  @Test
  void whileGuestsHaveNoMoreThanTheyAreGivenNobodyGoes() {
    tenants.add(tenant("a", 60));
    tenants.add(tenant("b", 40));

    MemoryWatch watch = watch();
    watch.look();

    assertThat(evicted).isEmpty();
    assertThat(watch.pressure()).isFalse();
  }

  @Test
  void oneGoesAtATimeAndTheNextOnlyWhenThatIsNotEnough() {
    tenants.addAll(List.of(tenant("a", 80), tenant("b", 70), tenant("c", 40)));
    MemoryWatch watch = watch();

    watch.look();
    watch.look(); // it has not ended yet
    assertThat(evicted).containsExactly("a");
    tenants.removeFirst();
    watch.look();
    assertThat(evicted).containsExactly("a", "b");
    tenants.removeFirst();
    watch.look();

    assertThat(evicted).containsExactly("a", "b");
    assertThat(told.getFirst())
        .isEqualTo(
            "Memory is short on its node (guests have 190 MiB of the 100 MiB that this node gives to them);"
                + " it had 80 MiB and requests 10 MiB, at priority 0.");
  }

  @Test
  void aVictimThatDoesNotEndIsNotWaitedForForEver() {
    tenants.addAll(List.of(tenant("a", 80), tenant("b", 70)));
    MemoryWatch watch = watch();
    watch.look();

    seconds += 6;
    watch.look();

    assertThat(evicted).containsExactly("a", "a");
  }

  @Test
  void placementKeepsAwayForHalfAMinuteAfterAShortage() {
    tenants.add(tenant("a", 120));
    MemoryWatch watch = watch();

    watch.look();
    tenants.clear();
    watch.look();
    assertThat(watch.pressure()).isTrue();
    seconds += 29;
    assertThat(watch.pressure()).isTrue();
    seconds += 2;

    assertThat(watch.pressure()).isFalse();
  }

  @Test
  void aContainerNearItsLimitIsAShortageToo() throws IOException {
    tenants.add(tenant("a", 20));
    container("1000", "970", "inactive_file 100\n");
    MemoryWatch watch = watch();

    watch.look();
    assertThat(evicted).isEmpty(); // 870 cannot be had back
    container("1000", "970", "anon 7\ninactive_file 10\n");
    watch.look();

    assertThat(evicted).containsExactly("a");
    assertThat(told.getFirst())
        .contains("the agent's container has 40 MiB left of its limit of 1000 MiB");
  }

  @Test
  void aContainerWithoutALimitIsNone() throws IOException {
    tenants.add(tenant("a", 20));
    Files.writeString(cgroup.resolve("memory.max"), "max\n");
    Files.writeString(cgroup.resolve("memory.current"), "1\n");

    watch().look();

    assertThat(evicted).isEmpty();
  }

  private void container(String limitMib, String usedMib, String stat) throws IOException {
    Files.writeString(cgroup.resolve("memory.max"), bytes(limitMib));
    Files.writeString(cgroup.resolve("memory.current"), bytes(usedMib));
    var lines = new ArrayList<String>();
    for (String line : stat.lines().toList()) {
      String[] words = line.split(" ", 2);
      lines.add(words[0] + " " + bytes(words[1]));
    }
    Files.write(cgroup.resolve("memory.stat"), lines);
  }

  private static String bytes(String mib) {
    return String.valueOf(Long.parseLong(mib) * MIB);
  }

  private MemoryWatch watch() {
    return new MemoryWatch(
        () -> List.copyOf(tenants),
        (uid, why) -> {
          evicted.add(uid);
          told.add(why);
        },
        new ContainerMemory(cgroup),
        100 * MIB,
        () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private static Tenant tenant(String uid, long usedMib) {
    return new Tenant(uid, "ns/" + uid, 0, 10 * MIB, usedMib * MIB);
  }
}
