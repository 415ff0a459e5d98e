package dev.dunlin.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ImportRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.dunlin.operator");

  @Test
  void theOperatorKnowsNeitherAgentsNorEngines() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.dunlin.agent..", "dev.dunlin.engine..")
        .check(CLASSES);
  }

  @Test
  void decisionsKnowNoClientClockOrLogger() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.dunlin.operator.placement",
            "dev.dunlin.operator.job",
            "dev.dunlin.operator.http",
            "dev.dunlin.operator.port",
            "dev.dunlin.operator.route",
            "dev.dunlin.operator.scale")
        .or()
        .haveSimpleNameStartingWith("WasmAppPlan")
        .or()
        .haveSimpleName("Rollout")
        .or()
        .haveSimpleName("Conditions")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8.kubernetes.client", "org.slf4j..", "io.javaoperatorsdk..")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching("dev.dunlin.operator.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
