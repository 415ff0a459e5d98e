package dev.dunlin.engine.jvm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Value;

/**
 * Arguments and expected results of the core specification's scripts, as json-from-wast has them.
 */
final class SpecValues {
  private static final int F32_CANONICAL = 0x7fc00000;
  private static final long F64_CANONICAL = 0x7ff8000000000000L;

  private SpecValues() {}

  /** A value of the guest: a number, or a reference that Endive keeps as a Java object. */
  record Found(long number, @Nullable Object reference) {
    @Override
    public String toString() {
      return reference == null ? Long.toHexString(number) : reference.toString();
    }
  }

  /** What the script passes; an {@code externref} is a name of ours for the script's number. */
  static Found argument(JsonNode value) {
    var type = value.path("type").asText();
    return switch (type) {
      case "i32", "f32" -> new Found((int) number(value), null);
      case "i64", "f64" -> new Found(number(value), null);
      case "externref" ->
          isNull(value) ? new Found(Value.REF_NULL_VALUE, null) : hostReference(value);
      case "anyref", "refnull", "nullref", "nullexternref", "eqref", "i31ref" ->
          isNull(value) ? new Found(Value.REF_NULL_VALUE, null) : hostReference(value);
      case "funcref", "nullfuncref", "exnref", "nullexnref" -> {
        if (!isNull(value)) {
          throw new IllegalArgumentException("cannot pass a " + type);
        }
        yield new Found(Value.REF_NULL_VALUE, null);
      }
      default -> throw new IllegalArgumentException("cannot pass a " + type);
    };
  }

  private static Found hostReference(JsonNode value) {
    return new Found(0, "host " + value.path("value").asText());
  }

  private static boolean isNull(JsonNode value) {
    return !value.has("value") || value.path("value").asText().equals("null");
  }

  private static long number(JsonNode value) {
    var text = value.path("value").asText();
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }

  /** Whether the guest's value is what the script expects. */
  static boolean matches(JsonNode expected, Found found) {
    return switch (expected.path("type").asText()) {
      case "i32" -> (int) number(expected) == (int) found.number();
      case "i64" -> number(expected) == found.number();
      case "f32" -> matchesF32(expected.path("value").asText(), (int) found.number());
      case "f64" -> matchesF64(expected.path("value").asText(), found.number());
      case "funcref", "exnref" -> matchesIndex(expected, found.number());
      case "nullfuncref", "nullexnref" -> found.number() == Value.REF_NULL_VALUE;
      case "externref", "anyref" -> matchesReference(expected, found.reference());
      case "eqref", "i31ref", "structref", "arrayref" -> found.reference() != null;
      case "nullref", "nullexternref" -> found.reference() == null;
      // Of any type: Endive has numbers for functions and exceptions, objects for the others.
      case "refnull" ->
          found.reference() == null
              && (found.number() == Value.REF_NULL_VALUE || found.number() == 0);
      case "either" -> {
        for (var one : expected.path("values")) {
          if (matches(one, found)) {
            yield true;
          }
        }
        yield false;
      }
      default -> throw new IllegalArgumentException("cannot expect a " + expected);
    };
  }

  private static boolean matchesF32(String expected, int bits) {
    return switch (expected) {
      case "nan:canonical" -> (bits & Integer.MAX_VALUE) == F32_CANONICAL;
      case "nan:arithmetic" -> (bits & F32_CANONICAL) == F32_CANONICAL;
      default -> Integer.parseUnsignedInt(expected) == bits;
    };
  }

  private static boolean matchesF64(String expected, long bits) {
    return switch (expected) {
      case "nan:canonical" -> (bits & Long.MAX_VALUE) == F64_CANONICAL;
      case "nan:arithmetic" -> (bits & F64_CANONICAL) == F64_CANONICAL;
      default -> Long.parseUnsignedLong(expected) == bits;
    };
  }

  private static boolean matchesIndex(JsonNode expected, long index) {
    boolean wantsNull = expected.path("value").asText().equals("null");
    return wantsNull == (index == Value.REF_NULL_VALUE);
  }

  private static boolean matchesReference(JsonNode expected, @Nullable Object reference) {
    if (!expected.has("value")) {
      return reference != null;
    }
    if (isNull(expected)) {
      return reference == null;
    }
    return Objects.equals(hostReference(expected).reference(), reference);
  }
}
