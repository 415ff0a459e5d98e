package dev.dunlin.e2e.mock;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class MockApiServerTest extends ApiServerContract {
  private final MockApiServer server;
  private final KubernetesClient client;

  MockApiServerTest() throws IOException {
    server = MockApiServer.start();
    client = server.client();
  }

  @BeforeEach
  void inMemory() {
    begin(client);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }
}
