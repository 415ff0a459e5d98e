package dev.dunlin.e2e.app;

import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.Program;
import java.util.stream.Stream;

/** Who lives in the shared house: an operator for all namespaces, and agents in three zones. */
record Inhabitants(House house, Program operator, Program agentA, Program agentB, Program agentC)
    implements AutoCloseable {
  static final String NODE_A = "shore-a";
  static final String NODE_B = "shore-b";
  static final String NODE_C = "shore-c";

  static Inhabitants moveIn(ControlPlane controlPlane) {
    House house = House.over(controlPlane);
    house.registry().pushModule("told:1", Modules.told());
    house.registry().pushModule("told:2", Modules.marked(Modules.told(), "two"));
    house.registry().pushModule("trap:1", Modules.TRAP);
    var inhabitants =
        new Inhabitants(
            house,
            house.operator(),
            agent(house, NODE_A, volumes(house, NODE_A)),
            agent(house, NODE_B, volumes(house, NODE_B)),
            agent(house, NODE_C));
    house.startAll();
    return inhabitants;
  }

  private static Program agent(House house, String node, String... flags) {
    return house.agent(
        node,
        Stream.concat(
                Stream.of("--node-label=zone=" + node.charAt(node.length() - 1)), Stream.of(flags))
            .toArray(String[]::new));
  }

  /** Storage of the node's own, and what all share that have any. */
  private static String[] volumes(House house, String node) {
    return new String[] {
      "--local-volumes=" + house.folder().resolve(node + "-volumes"),
      "--shared-volumes=" + house.folder().resolve("shared-volumes"),
    };
  }

  Program agent(String node) {
    return switch (node) {
      case NODE_A -> agentA;
      case NODE_B -> agentB;
      case NODE_C -> agentC;
      default -> throw new IllegalArgumentException("no agent of " + node);
    };
  }

  @Override
  public void close() {
    house.close();
  }
}
