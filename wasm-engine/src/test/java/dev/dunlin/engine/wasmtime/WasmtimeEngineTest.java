package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.contract.EndContract;
import dev.dunlin.engine.contract.FilesContract;
import dev.dunlin.engine.contract.FuzzContract;
import dev.dunlin.engine.contract.HoldContract;
import dev.dunlin.engine.contract.HostileContract;
import dev.dunlin.engine.contract.HttpContract;
import dev.dunlin.engine.contract.LeakContract;
import dev.dunlin.engine.contract.LoadContract;
import dev.dunlin.engine.contract.RunContract;
import dev.dunlin.engine.contract.WallContract;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract on the native engine, and what only this engine runs. */
class WasmtimeEngineTest {
  @Nested
  class Run extends RunContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }

    @Override
    protected boolean outputIsBuffered() {
      return true;
    }
  }

  @Nested
  class End extends EndContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }
  }

  @Nested
  class Wall extends WallContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }
  }

  @Nested
  class Hold extends HoldContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }

    @Test
    void aRunThatOnlyComputesUsesNoProcessorWhileItIsHeld() throws Exception {
      try (var module = load("loop");
          var run = module.start(Grants.none(), Limits.defaults(), Stdio.none())) {
        await().until(() -> run.usage().cpu().isPositive());

        run.hold(true);

        awaitStandstill(() -> run.usage().cpu().toNanos());
        var last = run.usage().cpu();
        run.hold(false);
        await().until(() -> run.usage().cpu().compareTo(last) > 0);
      }
    }
  }

  @Nested
  class FilesOf extends FilesContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }
  }

  @Nested
  class Http extends HttpContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }
  }

  @Nested
  class Hostile extends HostileContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }
  }

  @Nested
  class Fuzz extends FuzzContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }
  }

  @Nested
  class Leak extends LeakContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }
  }

  @Nested
  class Load extends LoadContract {
    @Override
    protected Engine open(Path cacheDir) {
      return NativeOrSkip.open(cacheDir);
    }

    @Test
    void vectorInstructionsRun() throws Exception {
      try (var module = load("simd")) {
        assertThat(module.run(Grants.none(), Limits.defaults(), Stdio.none()))
            .isEqualTo(new Exited(0));
      }
    }

    @Test
    void aModuleBeyondTheCapIsRefusedUnread() {
      var options =
          new WasmtimeOptions(
              0,
              10,
              1,
              1_000,
              1_000,
              1,
              1 << 30,
              java.time.Duration.ofMinutes(1),
              1 << 20,
              java.time.Duration.ofMinutes(1));
      try (var small = NativeOrSkip.open(temp, options)) {
        assertThatThrownBy(() -> small.load(guest("tool")))
            .hasMessageContaining("at most 1,000")
            .asInstanceOf(InstanceOfAssertFactories.type(ModuleRefusedException.class))
            .extracting(ModuleRefusedException::reason)
            .isEqualTo(Reason.TOO_LARGE);
      }
      assertThat(engine.info().name()).isEqualTo("native");
      assertThat(engine.info().version()).startsWith("wasmtime ");
      assertThat(engine.info().features()).contains("wasi:p1", "component", "wasi:http@0.2");
    }
  }
}
