package dev.dunlin.operator.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.Digest;
import dev.dunlin.oci.RemoteModule;
import dev.dunlin.oci.RemoteModule.Form;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private static List<String> of(Form form, String... interfaces) {
    return Features.of(
        new RemoteModule(Digest.of(new byte[0]), form, List.of(interfaces), List.of()));
  }

  @Test
  void aCoreModuleNeedsPreview1() {
    assertThat(of(Form.CORE_MODULE)).containsExactly("wasi:p1");
  }

  @Test
  void nothingIsAskedForWhereNothingIsKnown() {
    assertThat(of(Form.UNKNOWN)).isEmpty();
  }

  @Test
  void aComponentNeedsTheTracksOfItsInterfaces() {
    assertThat(
            of(
                Form.COMPONENT,
                "wasi:cli/environment@0.2.9",
                "wasi:cli/stdout@0.2.12",
                "wasi:http/types@0.3.2",
                "wasi:http/handler@0.3.0"))
        .containsExactly("component", "wasi:cli@0.2", "wasi:http@0.3");
  }

  @Test
  void whatHasNoWordIsLeftToTheAgent() {
    assertThat(
            of(
                Form.COMPONENT,
                "wasi:http/handler@0.3.0-rc-2026-03-15",
                "wasi:keyvalue/store@0.2.0-draft2",
                "acme:shop/cart",
                "odd"))
        .containsExactly("component");
  }
}
