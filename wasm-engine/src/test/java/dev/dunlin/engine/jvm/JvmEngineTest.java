package dev.dunlin.engine.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
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
import dev.dunlin.engine.jvm.memory.GuestHeap;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract on the pure-Java engine, and what only this engine refuses. */
class JvmEngineTest {
  @Nested
  class Run extends RunContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class End extends EndContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class Wall extends WallContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class Hostile extends HostileContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }

    @Override
    protected long heldBytes() {
      return GuestHeap.ofProcess().takenBytes();
    }
  }

  @Nested
  class Fuzz extends FuzzContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class Hold extends HoldContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class FilesOf extends FilesContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class Http extends HttpContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class Leak extends LeakContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }
  }

  @Nested
  class Load extends LoadContract {
    @Override
    protected Engine open(Path cacheDir) {
      return JvmEngine.open(cacheDir);
    }

    @ParameterizedTest
    @ValueSource(strings = {"simd", "threads"})
    void whatThisEngineLacksIsRefusedAtLoad(String guest) {
      assertThatThrownBy(() -> load(guest))
          .asInstanceOf(InstanceOfAssertFactories.type(ModuleRefusedException.class))
          .extracting(ModuleRefusedException::reason)
          .isEqualTo(Reason.UNSUPPORTED_FEATURE);
    }

    @Test
    void aComponentIsRefusedAndTheMessageSaysWhatToDo() {
      assertThatThrownBy(() -> engine.load(hex("0061736d0d000100")))
          .hasMessageContaining("wasm32-wasip1")
          .asInstanceOf(InstanceOfAssertFactories.type(ModuleRefusedException.class))
          .extracting(ModuleRefusedException::reason)
          .isEqualTo(Reason.COMPONENT_NOT_SUPPORTED);
    }

    @Test
    void aModuleBeyondTheCapIsRefusedUnread() {
      try (var small =
          JvmEngine.open(temp, new JvmEngineOptions(1000, 100, 1 << 20, GuestHeap.ofProcess()))) {
        assertThatThrownBy(() -> small.load(guest("tool")))
            .hasMessageContaining("at most 1,000")
            .asInstanceOf(InstanceOfAssertFactories.type(ModuleRefusedException.class))
            .extracting(ModuleRefusedException::reason)
            .isEqualTo(Reason.TOO_LARGE);
      }
      assertThat(engine.info().features()).containsExactly("wasi:p1");
    }
  }
}
