package dev.dunlin.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code make demo ONCE=1}: every step of the story checks what it shows. */
final class DemoTest {

  @Test
  void theStoryComesTrue() {
    int exitCode = new CommandLine(new Demo()).execute("--once");

    assertThat(exitCode).isZero();
  }

  @Test
  void anExampleThatIsNotThereIsNamedTogetherWithThoseThatAre() {
    var failure = org.assertj.core.api.Assertions.catchThrowable(() -> Example.named("nothing"));

    assertThat(failure)
        .hasMessageContaining("no example 'nothing'")
        .hasMessageContaining("hello-rust");
  }
}
