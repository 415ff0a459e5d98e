package dev.dunlin.operator.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.CronStatus;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.event.Events;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class CronsTest {
  private static final String ALL = "/apis/dunlin.dev/v1alpha1/namespaces/ns/wasmapps";
  private static final Instant ONE = Instant.parse("2026-01-01T13:00:00Z");
  private static final String NAME = "tick-" + ONE.getEpochSecond() / 60;

  private final CronJobs jobs = new CronJobs(System::nanoTime);
  private final WasmApp app = ACron.of("schedule: '0 * * * *'");

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private Events events;

  @SuppressWarnings("NullAway.Init")
  private Crons crons;

  @BeforeEach
  void anOperatorAtOne() {
    client.getConfiguration().setRequestRetryBackoffLimit(0);
    var clock = Clock.fixed(ONE, ZoneOffset.UTC);
    events = new Events(client, clock);
    crons = new Crons(client, jobs, events, clock);
  }

  @AfterEach
  void end() {
    events.close();
  }

  private Crons.Result pass() {
    @Nullable CronWorkload cron = app.getSpec().cron();
    if (cron == null) throw new AssertionError("no cron");
    var result = crons.pass(app, cron);
    app.setStatus(result.status());
    return result;
  }

  private CronStatus said() {
    @Nullable CronStatus cron = app.getStatus().cron();
    if (cron == null) throw new AssertionError("nothing was said");
    return cron;
  }

  private void createIsAnswered(int code, Object body) {
    server.expect().post().withPath(ALL).andReturn(code, body).once();
  }

  private List<String> requests() throws InterruptedException {
    var requests = new ArrayList<String>();
    for (int left = server.getRequestCount(); left > 0; left--) {
      var request = server.takeRequest();
      String path = String.valueOf(request.getPath());
      if (!path.contains("/events")) requests.add(request.getMethod() + " " + path);
    }
    return requests;
  }

  private WasmApp job() {
    @Nullable CronWorkload cron = app.getSpec().cron();
    if (cron == null) throw new AssertionError("no cron");
    var job = JobTemplate.of(app, cron, ONE, ZoneOffset.UTC);
    job.getMetadata().setCreationTimestamp(ONE.toString());
    return job;
  }

  @Test
  void aJobThatIsDueIsMadeOnceThoughTheWatchHasNotToldOfItYet() throws InterruptedException {
    createIsAnswered(201, job());

    var result = pass();
    pass();

    assertThat(requests()).containsExactly("POST " + ALL);
    assertThat(said().active()).containsExactly(NAME);
    assertThat(said().lastScheduleTime()).isEqualTo(ONE.toString());
    assertThat(result.lookAgain()).isEqualTo(Duration.ofMinutes(10));
    assertThat(result.status().conditions())
        .extracting(Condition::type, Condition::status)
        .containsExactly(tuple("Ready", "True"), tuple("Progressing", "True"));
  }

  @Test
  void aJobThatAnOperatorBeforeHasMadeIsTakenForOurs() {
    createIsAnswered(409, new StatusBuilder().withCode(409).build());
    server.expect().get().withPath(ALL + "/" + NAME).andReturn(200, job()).once();

    pass();

    assertThat(said().active()).containsExactly(NAME);
    assertThat(said().lastScheduleTime()).isEqualTo(ONE.toString());
  }

  @Test
  void anAppOfTheJobsNameThatIsSomebodyElsesIsToldOf() {
    var other = job();
    other.getMetadata().setOwnerReferences(List.of());
    createIsAnswered(409, new StatusBuilder().withCode(409).build());
    server.expect().get().withPath(ALL + "/" + NAME).andReturn(200, other).once();

    var result = pass();

    assertThat(said().active()).isEmpty();
    assertThat(said().lastScheduleTime()).isNull();
    assertThat(result.status().conditions().getFirst().reason()).isEqualTo("FailedCreate");
    assertThat(result.status().conditions().getFirst().message())
        .contains("A WasmApp named %s exists and was not made by this one".formatted(NAME));
  }

  @Test
  void aJobThatIsRefusedIsToldOfInTheApiServersWordsAndTriedAgainInAMinute() {
    createIsAnswered(403, new StatusBuilder().withCode(403).withMessage("exceeded quota").build());

    var result = pass();

    assertThat(result.status().conditions().getFirst().message()).contains("exceeded quota");
    assertThat(result.lookAgain()).isEqualTo(Duration.ofMinutes(1));
    createIsAnswered(201, job());
    assertThat(pass().status().conditions().getFirst().isTrue()).isTrue();
    assertThat(said().active()).containsExactly(NAME);
  }

  @Test
  void whatPassesByItselfIsLeftToTheNextTry() {
    createIsAnswered(500, new StatusBuilder().withCode(500).build());

    assertThatThrownBy(this::pass).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void aJobThatWasDeletedAtItsEndIsStillSeenToHaveSucceeded() {
    createIsAnswered(201, job());
    pass();
    var ended = ACron.ended(job(), true, ONE);
    jobs.observe(job(), ended);
    jobs.observe(ended, null); // ttlSecondsAfterFinished is 0

    pass();

    assertThat(said().active()).isEmpty();
    assertThat(said().lastSuccessfulTime()).isEqualTo(ONE.toString());
    assertThat(jobs.of(app)).isEmpty();
  }

  @Test
  void jobsOfANamesakeThatWasDeletedAreNotItsOwn() {
    var other = job();
    other.getMetadata().getOwnerReferences().getFirst().setUid("another");
    jobs.observe(null, other);

    assertThat(jobs.of(app)).isEmpty();
  }
}
