package dev.dunlin.e2e.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom. */
class ImportRulesTest {
  private static final String API = "dev.dunlin.api..";
  private static final String ENGINE = "dev.dunlin.engine..";
  private static final String OCI = "dev.dunlin.oci..";
  private static final String HTTPS = "dev.dunlin.https..";
  private static final String OPERATOR = "dev.dunlin.operator..";
  private static final String AGENT = "dev.dunlin.agent..";
  private static final String CLI = "dev.dunlin.cli..";

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.matches(Pattern.compile(".*-tests\\.jar.*")))
          .importPackages("dev.dunlin");

  @ParameterizedTest
  @ValueSource(strings = {API, ENGINE, OCI, HTTPS, OPERATOR, AGENT, CLI})
  void everyPartIsLookedAt(String part) {
    assertThat(HOUSE.that(resideInAPackage(part))).isNotEmpty();
  }

  @Test
  void theApiKnowsFabric8AndJacksonsAnnotationsOnly() {
    classes()
        .that()
        .resideInAPackage(API)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", API, "io.fabric8..", "com.fasterxml.jackson.annotation..")
        .check(HOUSE);
  }

  @Test
  void theEngineKnowsNobodyOfTheHouse() {
    noneOf(ENGINE);
  }

  @Test
  void theRegistryClientKnowsNobodyOfTheHouse() {
    noneOf(OCI);
  }

  @Test
  void theHttpsServerKnowsNobodyOfTheHouse() {
    noneOf(HTTPS);
  }

  @ParameterizedTest
  @ValueSource(strings = {ENGINE, OCI, HTTPS})
  void kubernetesIsUnknownTo(String part) {
    noClasses()
        .that()
        .resideInAPackage(part)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(HOUSE);
  }

  @Test
  void theOperatorKnowsTheApiTheRegistryClientAndTheHttpsServer() {
    noneOf(OPERATOR, API, OCI, HTTPS);
  }

  @Test
  void theAgentKnowsTheApiTheRegistryClientTheHttpsServerAndTheEngine() {
    noneOf(AGENT, API, OCI, HTTPS, ENGINE);
  }

  /** What it runs on its own machine is granted and served by the agent's code. */
  @Test
  void theCommandKnowsTheApiTheRegistryClientTheEngineAndTheAgent() {
    noneOf(CLI, API, OCI, ENGINE, AGENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "oci", "https", "operator", "agent", "cli", "e2e"})
  void packagesDoNotGoInCircles(String part) {
    slices()
        .matching("dev.dunlin." + part + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  /** Nothing of the house is imported by {@code part} but itself and what is allowed. */
  private static void noneOf(String part, String... allowed) {
    noClasses()
        .that()
        .resideInAPackage(part)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.dunlin..")
                .and(not(resideInAPackage(part)))
                .and(not(resideInAnyPackage(allowed))))
        .check(HOUSE);
  }
}
