package dev.dunlin.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may import whom inside the engine. */
class ImportRulesTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.dunlin.engine");

  @Test
  void theEngineKnowsNothingOfKubernetes() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "dev.dunlin.api..")
        .check(MAIN);
  }

  @Test
  void theInterfaceAndCgiKnowNoEngine() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.dunlin.engine", "dev.dunlin.engine.cgi")
        .and()
        .doNotBelongToAnyOf(Engines.class) // which opens them
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.dunlin.engine.jvm..", "dev.dunlin.engine.wasmtime..", "run.endive..")
        .check(MAIN);
  }

  @Test
  void theEnginesDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("dev.dunlin.engine.wasmtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.dunlin.engine.jvm..", "run.endive..")
        .check(MAIN);
    noClasses()
        .that()
        .resideInAPackage("dev.dunlin.engine.jvm..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.dunlin.engine.wasmtime..")
        .check(MAIN);
  }

  @Test
  void wasiAndMemoryKnowNotWhoRunsThem() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.dunlin.engine.jvm.wasi", "dev.dunlin.engine.jvm.memory")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.dunlin.engine.jvm")
        .check(MAIN);
  }
}
