package dev.dunlin.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

final class TableTest {
  private static final JsonNode ANSWER =
      new KubernetesSerialization()
          .unmarshal(
              """
              kind: Table
              columnDefinitions:
              - {name: Name, priority: 0}
              - {name: Ready, priority: 0}
              - {name: Age, priority: 0}
              - {name: Image, priority: 1}
              rows:
              - cells: [one, 1, 3s, a]
              - cells: [another, null, 2m, b]
              """,
              JsonNode.class);

  @Test
  void columnsArePaddedAsKubectlPadsThem() {
    assertThat(Table.of(ANSWER, false).text())
        .isEqualTo(
            """
            NAME      READY   AGE
            one       1       3s
            another           2m
            """);
  }

  @Test
  void columnsOfLowerPriorityShowOnlyWhenWide() {
    assertThat(Table.of(ANSWER, false).header()).doesNotContain("IMAGE");
    assertThat(Table.of(ANSWER, true).header()).contains("IMAGE");
  }

  @Test
  void aColumnCanBeLeftOutToSeeWhetherTheRestChanged() {
    Table table = Table.of(ANSWER, false).without("AGE");

    assertThat(table.header()).containsExactly("NAME", "READY");
    assertThat(table.rows().getFirst()).containsExactly("one", "1");
  }
}
