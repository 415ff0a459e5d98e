package dev.dunlin.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.agent.testing.FakeEngine;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true)
class AgentTest {
  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @TempDir private Path disk;

  @Test
  void aSecondAgentOnTheSameDataDirIsRefused() throws IOException {
    Agent first = Agent.start(config(0), client, new FakeEngine());
    try {
      var engine = new FakeEngine();

      assertThatThrownBy(() -> Agent.start(config(0), client, engine))
          .isInstanceOf(DataDirInUseException.class);
      assertThat(engine.closed).isTrue();
    } finally {
      first.kill();
    }
  }

  @Test
  void anAgentThatCannotStartLeavesNothingOpen() throws IOException {
    var engine = new FakeEngine();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Agent.start(config(taken.getLocalPort()), client, engine))
          .isInstanceOf(BindException.class);
    }

    assertThat(engine.closed).isTrue();
    Agent.start(config(0), client, new FakeEngine()).kill();
  }

  @Test
  void aKilledAgentsDataDirIsFree() throws IOException {
    Agent.start(config(0), client, new FakeEngine()).kill();

    Agent.start(config(0), client, new FakeEngine()).kill();
  }

  private AgentConfig config(int adminPort) {
    return AgentConfig.builder("n1", "127.0.0.1", disk).adminPort(adminPort).build();
  }
}
