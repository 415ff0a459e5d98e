package dev.dunlin.e2e.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.cli.DunlinMain;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command dunlin against a real API server, operator and agents. */
@InSharedHouse
class CliTest {

  private record Said(int exitCode, String out, String err) {}

  /** What the command prints for an administrator, in the namespace of the test. */
  private static Said dunlin(ControlPlane controlPlane, Apps apps, String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var arguments = new ArrayList<>(List.of(words));
    arguments.add("--kubeconfig=" + controlPlane.kubeconfig());
    arguments.add("--namespace=" + apps.namespace());
    int code =
        DunlinMain.commandLine(
                Terminal.of(
                    InputStream.nullInputStream(),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8)))
            .execute(arguments.toArray(String[]::new));
    return new Said(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anAppIsDeployedSeenChangedAndPutBack(Apps apps, ControlPlane controlPlane)
      throws IOException {
    Said first =
        dunlin(
            controlPlane,
            apps,
            "deploy",
            "mine",
            "--image=registry.example.com/told:1",
            "--replicas=2",
            "--env=WORD=one");
    assertThat(first.exitCode()).as(first.toString()).isZero();
    assertThat(first.out())
        .startsWith("wasmapp/mine applied\nmine: revision ")
        .endsWith(" is rolled out, 2/2 ready\n");

    assertThat(dunlin(controlPlane, apps, "status").out())
        .containsPattern(apps.namespace() + " +mine +http +2/2 +Ready +registry");
    assertThat(dunlin(controlPlane, apps, "status", "mine").out())
        .startsWith(apps.namespace() + "/mine  http  2/2 ready  Ready\n")
        .containsPattern("shore-\\w+  ready, \\w+ engine\n└── mine-\\w+-\\w+ +ready ")
        .containsPattern("Progressing +True +RolledOut ");

    // No Pod is behind the agents of this house, nor do their addresses lead anywhere from here.
    Said asked = dunlin(controlPlane, apps, "invoke", "mine", "/env?WORD", "--via=service");
    assertThat(asked.exitCode()).isEqualTo(3);
    assertThat(asked.err())
        .startsWith("dunlin: mine: expected an answer, found: the API server's service proxy: ");

    Said second =
        dunlin(
            controlPlane,
            apps,
            "deploy",
            "mine",
            "--image=registry.example.com/told:2",
            "--replicas=2",
            "--env=WORD=two");
    assertThat(second.exitCode()).as(second.toString()).isZero();
    assertThat(dunlin(controlPlane, apps, "rollout", "history", "mine").out())
        .containsPattern("1 +registry.example.com/told:1 +sha256:\\w+ +\\w+\n")
        .containsPattern("2 +registry.example.com/told:2 +sha256:\\w+ +\\w+ +\\(present\\)");

    Said undone = dunlin(controlPlane, apps, "rollout", "undo", "mine");
    assertThat(undone.out()).as(undone.err()).isEqualTo("mine: back to revision 1\n");
    Said back = dunlin(controlPlane, apps, "rollout", "status", "mine", "--timeout=90");
    assertThat(back.exitCode()).as(back.toString()).isZero();
    assertThat(App.answers(apps.app("mine").service(), "/env?WORD"))
        .isNotEmpty()
        .containsOnly("one");
    assertThat(apps.app("mine").get().getSpec().replicas()).isEqualTo(2);

    assertThat(dunlin(controlPlane, apps, "rollout", "pause", "mine").exitCode()).isZero();
    assertThat(apps.app("mine").get().getSpec().paused()).isTrue();
    assertThat(dunlin(controlPlane, apps, "rollout", "resume", "mine").exitCode()).isZero();
    assertThat(apps.app("mine").get().getSpec().paused()).isNull();
  }

  @Test
  void whatIsWrongIsToldWithItsReason(Apps apps, ControlPlane controlPlane) {
    Said absent = dunlin(controlPlane, apps, "status", "nobody");
    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.err())
        .isEqualTo(
            "dunlin: expected a WasmApp \"nobody\" in namespace %s, found none\n"
                .formatted(apps.namespace()));

    String module = Repository.root().resolve("examples/hello-c/app.wasm").toString();
    Said checked = dunlin(controlPlane, apps, "check", "--cluster", module);
    assertThat(checked.exitCode()).as(checked.toString()).isZero();
    assertThat(checked.out()).containsPattern("nodes    \\d+ can run it\n");

    Said missing =
        dunlin(
            controlPlane,
            apps,
            "deploy",
            "lost",
            "--image=" + apps.house().registry().address() + "/no/such:1",
            "--timeout=8");
    assertThat(missing.exitCode()).isEqualTo(4);
    assertThat(missing.err()).contains("ImageNotFound");

    Said refused = dunlin(controlPlane, apps, "deploy", "bad", "--image=two words", "--no-wait");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("spec.image");
  }
}
