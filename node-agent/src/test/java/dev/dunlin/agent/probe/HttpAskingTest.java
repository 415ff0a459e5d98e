package dev.dunlin.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.api.v1alpha1.HttpGetProbe;
import dev.dunlin.api.v1alpha1.HttpHeader;
import dev.dunlin.api.v1alpha1.Probe;
import dev.dunlin.engine.HttpGuest.BadResponseException;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAskingTest {
  private static final Outcome WELL = new Outcome.Exited(0);

  @ParameterizedTest
  @CsvSource({
    "199,false",
    "200,true",
    "204,true",
    "302,true",
    "399,true",
    "400,false",
    "503,false"
  })
  void theStatusDecides(int status, boolean good) throws InterruptedException {
    ProbeResult result =
        ask((request, response) -> {
          response.begin(status, List.of());
          return WELL;
        });

    assertThat(result)
        .isEqualTo(
            good
                ? ProbeResult.GOOD
                : new ProbeResult.Bad("HTTP probe failed with statuscode: " + status));
  }

  @Test
  void theRequestIsAGetWithTheProbesPathQueryAndHeaders() throws InterruptedException {
    var seen = new AtomicReference<HttpRequest>();
    var get =
        new HttpGetProbe(
            "/well?deep=1", List.of(new HttpHeader("X-Probe", "yes"), new HttpHeader("Host", "h")));

    ask(
        get,
        (request, response) -> {
          seen.set(request);
          response.begin(200, List.of());
          return WELL;
        });

    assertThat(seen.get().method()).isEqualTo("GET");
    assertThat(seen.get().path()).isEqualTo("/well");
    assertThat(seen.get().query()).isEqualTo("deep=1");
    assertThat(seen.get().authority()).isEqualTo("h");
    assertThat(seen.get().headers())
        .contains(new dev.dunlin.engine.HttpHeader("x-probe", "yes"))
        .containsOnlyOnce(new dev.dunlin.engine.HttpHeader("host", "h"));
  }

  @Test
  void ofAnEndlessBodyTheBeginningIsEnough() throws InterruptedException {
    assertThat(
            ask((request, response) -> {
              var body = response.begin(200, List.of());
              try {
                while (true) {
                  body.write(new byte[4_096]);
                }
              } catch (IOException e) {
                return new Outcome.Cancelled();
              }
            }))
        .isEqualTo(ProbeResult.GOOD);
  }

  @Test
  void anAppThatFailsHalfWayIsBadWhateverStatusItSent() throws InterruptedException {
    assertThat(
            ask((request, response) -> {
              response.begin(200, List.of());
              return new Outcome.Trapped(Outcome.TrapKind.UNREACHABLE, "unreachable");
            }))
        .isEqualTo(new ProbeResult.Bad("the app trapped: unreachable"));
  }

  @Test
  void whatIsNoResponseIsBad() throws InterruptedException {
    assertThat(ask((request, response) -> WELL)).isInstanceOf(ProbeResult.Bad.class);
    assertThat(
            ask((request, response) -> {
              throw new BadResponseException("no head");
            }))
        .isEqualTo(new ProbeResult.Bad("no HTTP response: no head"));
  }

  @Test
  void anAgentWithoutMemoryIsNoFaultOfTheApp() throws InterruptedException {
    assertThat(ask((request, response) -> new Outcome.OutOfMemory(1, true)))
        .isInstanceOf(ProbeResult.Unknown.class);
    assertThat(ask((request, response) -> new Outcome.OutOfMemory(1, false)))
        .isInstanceOf(ProbeResult.Bad.class);
  }

  private static ProbeResult ask(FakeGuest.Script script) throws InterruptedException {
    return ask(new HttpGetProbe("/", List.of()), script);
  }

  private static ProbeResult ask(HttpGetProbe get, FakeGuest.Script script)
      throws InterruptedException {
    return new HttpAsking(new FakeGuest(script), "app.ns.svc")
        .ask(new Probe(get, null, 0, 10, 1, 1, 3, null));
  }
}
