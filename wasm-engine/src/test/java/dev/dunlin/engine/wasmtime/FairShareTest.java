package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Stdio;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FairShareTest {
  private static final Duration ENOUGH = Duration.ofMillis(500);
  private static final WasmtimeOptions ONE_WORKER =
      new WasmtimeOptions(
          0,
          100,
          1,
          1 << 20,
          1 << 20,
          1,
          4L << 30,
          Duration.ofMinutes(5),
          1L << 30,
          Duration.ofMinutes(1));

  @TempDir Path temp;

  @Test
  @Timeout(60)
  void anAppWithManyBusyRequestsHasNoMoreThanAnAppWithOne() throws Exception {
    var loop = Files.readAllBytes(Path.of("src/test/resources/guests/loop.wasm"));
    try (var engine = NativeOrSkip.open(temp, ONE_WORKER);
        var module = engine.load(loop);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var many = module.http(Grants.none(), Limits.defaults(), nowhere());
        var one = module.start(Grants.none(), Limits.defaults(), Stdio.none())) {
      for (int i = 0; i < 8; i++) {
        threads.execute(() -> answer(many));
      }
      await().until(() -> many.usage().cpu().compareTo(ENOUGH) > 0);

      assertThat(one.usage().cpu()).isGreaterThan(many.usage().cpu().dividedBy(2));
    }
  }

  private static HttpSettings nowhere() {
    return new HttpSettings(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
  }

  private static void answer(HttpGuest guest) {
    var request =
        new HttpRequest(
            "GET",
            "http",
            "localhost",
            "/",
            "",
            List.of(),
            InputStream.nullInputStream(),
            "127.0.0.1");
    try {
      guest.answer(request, (status, headers) -> OutputStream.nullOutputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
