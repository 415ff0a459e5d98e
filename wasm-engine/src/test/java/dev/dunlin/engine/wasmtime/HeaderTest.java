package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both sides of the border say the same: dunlin.h here, the Java classes there. */
class HeaderTest {
  private static final Pattern CONSTANT =
      Pattern.compile("^#define DUNLIN_(\\w+) (-?\\d+)", Pattern.MULTILINE);
  private static final Pattern FUNCTION =
      Pattern.compile("^(int32_t|int64_t) dunlin_(\\w+)\\(([^;]*)\\);", Pattern.MULTILINE);

  /** Called by dunlin-compile and nobody else. */
  private static final String OF_THE_COMPILER = "compile_main";

  private String header = "";

  @BeforeEach
  void readHeader() throws IOException {
    header =
        Files.readString(Path.of("native/include/dunlin.h"))
            .replaceAll("(?s)/\\*.*?\\*/", "")
            .replaceAll("[ \\t]*\\n[ \\t]+", " ");
  }

  @Test
  void everyConstantHasTheSameValue() throws Exception {
    var expected = new TreeMap<String, Integer>();
    CONSTANT
        .matcher(header)
        .results()
        .forEach(found -> expected.put(found.group(1), Integer.valueOf(found.group(2))));

    var found = new TreeMap<String, Integer>();
    for (var field : Dunlin.class.getDeclaredFields()) {
      found.put(field.getName(), field.getInt(null));
    }

    assertThat(expected).containsKeys("ABI_VERSION", "WOULD_BLOCK", "TRAP_OTHER");
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void everyFunctionHasTheSameShape() {
    Map<String, String> expected =
        FUNCTION
            .matcher(header)
            .results()
            .filter(found -> !found.group(2).equals(OF_THE_COMPILER))
            .collect(
                Collectors.toMap(
                    found -> camelCase(found.group(2)),
                    found -> javaType(found.group(1)) + parameters(found.group(3))));

    Map<String, String> found =
        Arrays.stream(Border.class.getDeclaredMethods())
            .filter(method -> !method.isSynthetic())
            .filter(method ->
                !List.of("open", "find", "shape", "ofHandle", "neverThrown")
                    .contains(method.getName()))
            .collect(Collectors.toMap(Method::getName, HeaderTest::shape));

    assertThat(expected).hasSizeGreaterThan(20).containsEntry("taskCancel", "int[long]");
    assertThat(found).isEqualTo(expected);
  }

  private static String shape(Method method) {
    return method.getReturnType().getSimpleName()
        + Stream.of(method.getParameterTypes()).map(Class::getSimpleName).toList();
  }

  private static List<String> parameters(String list) {
    return list.strip().equals("void")
        ? List.of()
        : Stream.of(list.split(",", -1)).map(String::strip).map(HeaderTest::javaType).toList();
  }

  private static String javaType(String parameter) {
    if (parameter.contains("*")) {
      return MemorySegment.class.getSimpleName();
    }
    return switch (parameter.split(" ", 2)[0]) {
      case "int32_t", "uint32_t" -> "int";
      case "int64_t", "uint64_t" -> "long";
      default -> throw new IllegalArgumentException("unknown type: " + parameter);
    };
  }

  private static String camelCase(String name) {
    var words = name.split("_", -1);
    return words[0]
        + Arrays.stream(words, 1, words.length)
            .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining());
  }
}
