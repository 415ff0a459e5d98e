package dev.dunlin.e2e.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

final class JsonPathTest {
  private static final JsonNode OBJECT =
      Json.parse(
          """
          metadata: {labels: {dunlin.dev/app: hello}}
          spec: {ports: [{port: 80}, {port: 81}]}
          status: {conditions: [{type: Ready, status: 'True'}, {type: Gone, status: 'False'}]}
          """);

  @Test
  void fieldsIndexesAndWildcardsLeadToTheirValues() {
    assertThat(find(".spec.ports[1].port")).isEqualTo("[81]");
    assertThat(find(".spec.ports[*].port")).isEqualTo("[80, 81]");
    assertThat(find(".metadata.labels.dunlin\\.dev/app")).isEqualTo("[\"hello\"]");
    assertThat(find(".metadata.labels['dunlin.dev/app']")).isEqualTo("[\"hello\"]");
  }

  @Test
  void aFilterPicksTheItemsThatHaveTheValue() {
    assertThat(find(".status.conditions[?(@.type==\"Ready\")].status")).isEqualTo("[\"True\"]");
    assertThat(find(".status.conditions[?(@.type=='Gone')].status")).isEqualTo("[\"False\"]");
  }

  @Test
  void whatIsNotThereIsNothing() {
    assertThat(find(".spec.nothing.at.all")).isEqualTo("[]");
    assertThat(find(".status.conditions[?(@.type=='Else')].status")).isEqualTo("[]");
  }

  @Test
  void aPathThatIsNotUnderstoodIsNamed() {
    assertThatThrownBy(() -> find(".spec[(1+1)]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(".spec[(1+1)]");
  }

  private static String find(String path) {
    return JsonPath.find(OBJECT, path).toString();
  }
}
