package dev.dunlin.e2e.mock;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import org.junit.jupiter.api.BeforeEach;

/** The same contract where it comes from: a real kube-apiserver and its controllers. */
@OnRealApiServer(controllers = true)
final class RealApiServerTest extends ApiServerContract {

  @BeforeEach
  void onARealCluster(ControlPlane cluster) {
    begin(cluster.client());
  }
}
