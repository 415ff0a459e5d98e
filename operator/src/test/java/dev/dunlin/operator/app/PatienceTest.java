package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmAppStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final String NEW = "{}";
  private static final String RESOLVING =
      conditions("Ready: False, InstancesNotReady", "Resolved: Unknown, ImageResolving");
  private static final String STARTING =
      conditions("Ready: False, InstancesNotReady", "Progressing: True, RollingOut");
  private static final String ROLLED_OUT =
      conditions("Ready: True, AllInstancesReady", "Progressing: True, RolledOut");
  private static final String ROLLING =
      conditions("Ready: True, AllInstancesReady", "Progressing: True, RollingOut");
  private static final String BROKEN = conditions("Ready: False, Trap", "Progressing: False, Trap");

  private final AtomicLong nanos = new AtomicLong(1);
  private final Patience patience = new Patience(nanos::get);

  private static String conditions(String... lines) {
    var text = new StringBuilder("{conditions: [");
    for (String line : lines) {
      String[] parts = line.split(": |, ", -1);
      text.append(
          "{type: %s, status: '%s', reason: %s, message: it is so},"
              .formatted(parts[0], parts[1], parts[2]));
    }
    return text.append("]}").toString();
  }

  private boolean waits(String before, String now) {
    return patience.left("uid", new AppStatus(status(before), status(now))).isPresent();
  }

  private static WasmAppStatus status(String text) {
    return Serialization.unmarshal("---\n" + text, WasmAppStatus.class);
  }

  @Test
  void whatIsOnItsWayWaitsASecondAtTheMost() {
    assertThat(waits(NEW, RESOLVING)).isTrue();
    nanos.addAndGet(Duration.ofMillis(600).toNanos());
    assertThat(waits(NEW, STARTING)).isTrue();
    nanos.addAndGet(Duration.ofMillis(600).toNanos());
    assertThat(waits(NEW, STARTING)).isFalse();
  }

  @Test
  void whatIsReadyIsSaidAtOnce() {
    assertThat(waits(NEW, STARTING)).isTrue();
    assertThat(waits(NEW, ROLLED_OUT)).isFalse();
  }

  @Test
  void aFaultIsSaidAtOnceAndSoIsItsEnd() {
    assertThat(waits(NEW, BROKEN)).isFalse();
    assertThat(waits(BROKEN, STARTING)).isFalse();
  }

  @Test
  void thatAnAppIsNoMoreReadyIsSaidAtOnce() {
    assertThat(waits(ROLLED_OUT, STARTING)).isFalse();
    assertThat(waits(ROLLED_OUT, ROLLING)).isTrue();
  }

  @Test
  void thatWhatWasLostIsBeingReplacedWaitsUntilItIs() {
    String lost = conditions("Ready: False, InstancesNotReady", "Progressing: True, RolledOut");
    String replaced = lost.replace("{conditions", "{replicas: 1, conditions");

    assertThat(waits(ROLLED_OUT, lost)).isFalse();
    assertThat(waits(lost, replaced)).isTrue();
    assertThat(waits(lost, ROLLED_OUT)).isFalse();
  }

  @Test
  void theMoreAppsAreOnTheirWayTheLongerEachWaits() {
    crowd();
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());

    assertThat(isPatient("app-0")).isTrue();
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(isPatient("app-0")).isFalse();
  }

  @Test
  void theLastOfManyIsAsPatientAsTheyWere() {
    crowd();
    for (int i = 0; i < 99; i++)
      patience.left("app-" + i, new AppStatus(status(NEW), status(ROLLED_OUT)));

    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(isPatient("app-99")).isTrue();
  }

  private void crowd() {
    for (int i = 0; i < 100; i++) isPatient("app-" + i);
  }

  private boolean isPatient(String app) {
    return patience.left(app, new AppStatus(status(NEW), status(STARTING))).isPresent();
  }
}
