package dev.dunlin.engine.jvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.Outcome.TrapKind;
import dev.dunlin.engine.conformance.Verdict;
import dev.dunlin.engine.jvm.SpecValues.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TrapException;
import run.endive.runtime.WasmException;
import run.endive.wasm.UnlinkableException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.ValType;

/**
 * Performs one script of the core specification's suite, as json-from-wast has made it, on the
 * parts of the jvm engine. Each command is a test; what a module that is refused for a feature
 * would have been asked is one verdict together.
 */
public final class SpecScript {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Path file;
  private final SpecModules modules;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final Map<String, CompiledCode> definitions = new HashMap<>();
  private final Map<String, Instance> named = new HashMap<>();
  private @Nullable CompiledCode lastDefinition;
  private @Nullable Instance current;
  private final Set<String> refusals = new TreeSet<>();
  private int refusedTests;
  private final Map<String, String> refusedNames = new HashMap<>();
  private @Nullable String refusal;
  private int moduleVerdict;

  private SpecScript(String name, Path file, Path cacheDir) {
    this.name = name;
    this.file = file;
    this.modules = new SpecModules(cacheDir);
  }

  /** Performs {@code folder/name.json}. The thread has to have a guest's stack. */
  public static List<Verdict> perform(String name, Path folder, Path cacheDir) throws IOException {
    var file = folder.resolve(name + ".json");
    var script = new SpecScript(name, file, cacheDir);
    for (var command : JSON.readTree(file.toFile()).path("commands")) {
      script.perform(command);
    }
    if (script.refusedTests > 0) {
      script.verdicts.add(
          new Verdict(name + ":refused", script.refusedTests, String.join("; ", script.refusals)));
    }
    return script.verdicts;
  }

  private void perform(JsonNode command) {
    var type = command.path("type").asText();
    if (command.path("module_type").asText().equals("text") && !command.has("binary_filename")) {
      return; // malformed text: no engine reads it
    }
    var test = name + ":" + command.path("line").asInt();
    try {
      perform(type, command);
      verdicts.add(Verdict.passed(test));
    } catch (LeftOutException e) {
      refusals.add(String.valueOf(e.getMessage()));
      refusedTests++;
    } catch (WithoutModuleException e) {
      // Falls with the module that should be asked.
      verdicts.set(moduleVerdict, verdicts.get(moduleVerdict).withOneMore());
    } catch (WrongException e) {
      verdicts.add(Verdict.failed(test, type + ": " + e.getMessage()));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      verdicts.add(Verdict.failed(test, type + ": " + e));
    }
  }

  private void perform(String type, JsonNode command) throws IOException {
    switch (type) {
      case "module" -> define(command, true);
      case "module_definition" -> define(command, false);
      case "module_instance" -> instantiate(command);
      case "register" -> register(command);
      case "action" -> act(command.path("action"));
      case "assert_return" -> assertReturn(command);
      case "assert_trap", "assert_exhaustion" -> assertTrap(command);
      case "assert_exception" ->
          assertFails(() -> act(command.path("action")), WasmException.class);
      case "assert_malformed",
          "assert_invalid",
          "assert_malformed_custom",
          "assert_invalid_custom" ->
          assertRefused(command);
      case "assert_unlinkable" ->
          assertFails(() -> instantiate(load(command)), UnlinkableException.class);
      case "assert_uninstantiable" ->
          assertFails(() -> instantiate(load(command)), WasmEngineException.class);
      default -> throw new WrongException("a command that this runner does not know");
    }
  }

  private CompiledCode load(JsonNode command) throws IOException {
    var wasm =
        command.path(command.has("binary_filename") ? "binary_filename" : "filename").asText();
    try {
      return modules.load(Files.readAllBytes(file.resolveSibling(wasm)));
    } catch (ModuleRefusedException e) {
      if (e.reason() == Reason.UNSUPPORTED_FEATURE) {
        throw new LeftOutException(String.valueOf(e.getMessage()).replaceAll(" \\(.*\\)", ""));
      }
      throw e;
    }
  }

  private void define(JsonNode command, boolean instantiate) throws IOException {
    var id = command.path("name");
    refusal = null;
    current = null;
    moduleVerdict = verdicts.size();
    named.remove(id.asText());
    definitions.remove(id.asText());
    try {
      var code = load(command);
      lastDefinition = code;
      definitions.put(id.asText(), code);
      if (instantiate) {
        become(instantiate(code), id);
      }
    } catch (LeftOutException e) {
      refusal = e.getMessage();
      throw e;
    }
  }

  private void register(JsonNode command) {
    var as = command.path("as").asText();
    try {
      modules.register(as, instance(command, "name"));
      refusedNames.remove(as);
    } catch (LeftOutException e) {
      refusedNames.put(as, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private Instance instantiate(CompiledCode code) {
    code.module().importSection().stream()
        .map(wanted -> refusedNames.get(wanted.module()))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .ifPresent(why -> {
          throw new LeftOutException(why);
        });
    return modules.instantiate(code);
  }

  private void instantiate(JsonNode command) {
    var code =
        command.has("module") ? definitions.get(command.path("module").asText()) : lastDefinition;
    if (code == null) {
      throw new WrongException("no such definition");
    }
    become(instantiate(code), command.path("instance"));
  }

  private void become(Instance instance, JsonNode id) {
    current = instance;
    if (!id.isMissingNode()) {
      named.put(id.asText(), instance);
    }
  }

  private Instance instance(JsonNode node, String field) {
    var instance = node.has(field) ? named.get(node.path(field).asText()) : current;
    if (instance == null) {
      if (refusal != null) {
        throw new LeftOutException(refusal);
      }
      throw new WithoutModuleException();
    }
    return instance;
  }

  private List<Found> act(JsonNode action) {
    var instance = instance(action, "module");
    var field = action.path("field").asText();
    return action.path("type").asText().equals("get")
        ? List.of(global(instance, field))
        : invoke(instance, field, action.path("args"));
  }

  private static Found global(Instance instance, String field) {
    var global = instance.exports().global(field);
    return global.getType().isObjectRef()
        ? new Found(0, global.getRefValue())
        : new Found(global.getValue(), null);
  }

  private static List<Found> invoke(Instance instance, String field, JsonNode values) {
    var longs = new long[values.size()];
    var references = new @Nullable Object[values.size()];
    for (int i = 0; i < longs.length; i++) {
      var argument = SpecValues.argument(values.get(i));
      longs[i] = argument.number();
      references[i] = argument.reference();
    }
    var function = instance.export(field);
    var type = instance.exportType(field);
    var returns = type.returns();
    if (type.hasObjectRefParams() || type.hasObjectRefReturns()) {
      var results = function.applyWithRefs(longs, references);
      return found(returns, results.longs(), results.refs());
    }
    return found(returns, function.apply(longs), null);
  }

  private static List<Found> found(
      List<ValType> types, long @Nullable [] longs, @Nullable Object @Nullable [] references) {
    var found = new ArrayList<Found>();
    for (int i = 0; i < types.size(); i++) {
      boolean object = types.get(i).isObjectRef();
      found.add(
          new Found(
              object || longs == null ? 0 : longs[i],
              object && references != null ? references[i] : null));
    }
    return found;
  }

  private void assertReturn(JsonNode command) {
    var expected = command.path("expected");
    var found = act(command.path("action"));
    boolean same = expected.size() == found.size();
    for (int i = 0; same && i < found.size(); i++) {
      same = SpecValues.matches(expected.get(i), found.get(i));
    }
    if (!same) {
      throw new WrongException("expected " + expected + ", found " + found);
    }
  }

  private void assertTrap(JsonNode command) {
    var text = command.path("text").asText();
    var expected =
        text.equals("unreachable")
            ? TrapKind.UNREACHABLE
            : Traps.of(new TrapException(text)).kind();
    try {
      var found = act(command.path("action"));
      throw new WrongException("expected " + text + ", found " + found);
    } catch (WasmEngineException | WasmException | StackOverflowError e) {
      var trap = Traps.of(e);
      if (trap.kind() != expected) {
        throw new WrongException("expected " + expected + " (" + text + "), found " + trap);
      }
    }
  }

  private void assertRefused(JsonNode command) throws IOException {
    try {
      load(command);
    } catch (ModuleRefusedException e) {
      switch (e.reason()) {
        case NOT_WASM, MALFORMED, INVALID, TOO_LARGE, COMPONENT_NOT_SUPPORTED -> {
          return;
        }
        default -> throw e;
      }
    }
    throw new WrongException(
        "expected a refusal (" + command.path("text").asText() + "), found none");
  }

  private interface Act {
    void perform() throws IOException;
  }

  private void assertFails(Act act, Class<? extends Exception> how) throws IOException {
    try {
      act.perform();
    } catch (WrongException | LeftOutException | WithoutModuleException e) {
      throw e;
    } catch (RuntimeException e) {
      if (how.isInstance(e)) {
        return;
      }
      throw new WrongException("expected " + how.getSimpleName() + ", found " + e);
    }
    throw new WrongException("expected " + how.getSimpleName() + ", found none");
  }

  /** The command did not do what the script expects. */
  private static final class WrongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongException(String message) {
      super(message);
    }
  }

  /** The module that the command asks has failed. */
  private static final class WithoutModuleException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The command needs a module that this engine refuses for what it uses. */
  private static final class LeftOutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeftOutException(String message) {
      super(message);
    }
  }
}
