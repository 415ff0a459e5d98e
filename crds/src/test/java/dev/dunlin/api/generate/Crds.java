package dev.dunlin.api.generate;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The CustomResourceDefinitions: what fabric8's generator reads from the records, plus what it has
 * no annotation for.
 */
final class Crds {
  private Crds() {}

  /** One per {@link Kind}, in its order. */
  static List<CustomResourceDefinition> generate() {
    var found = new ArrayList<CustomResourceDefinition>();
    var generator =
        new CRDGenerator()
            .customResourceClasses(
                Kind.ALL.stream().<Class<? extends HasMetadata>>map(Kind::type).toList())
            .forCRDVersions("v1")
            .withOutput(new Discarded())
            .withPostProcessor(
                new CRDPostProcessor() {
                  @Override
                  public HasMetadata process(HasMetadata crd, String version) {
                    found.add((CustomResourceDefinition) crd);
                    return crd;
                  }
                });
    generator.generate();
    found.forEach(Crds::complete);
    found.sort(Comparator.comparingInt(crd -> Kind.ALL.indexOf(kind(crd))));
    return List.copyOf(found);
  }

  static Kind kind(CustomResourceDefinition crd) {
    return Kind.named(crd.getSpec().getNames().getKind());
  }

  private static void complete(CustomResourceDefinition crd) {
    Kind kind = kind(crd);
    crd.getMetadata().setLabels(Map.of("app.kubernetes.io/part-of", "dunlin"));
    var version = crd.getSpec().getVersions().getFirst();
    version.setAdditionalPrinterColumns(kind.columns());
    version.setSelectableFields(kind.selectable());
    version.getSubresources().setScale(kind.scale());
    var schema = version.getSchema().getOpenAPIV3Schema();
    schema.setDescription(kind.description());
    Schemas.complete(schema, kind.type());
  }

  /** The generator insists on writing somewhere; the objects are wanted, not its text. */
  private static final class Discarded
      extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {
    @Override
    protected ByteArrayOutputStream createStreamFor(String crdName) {
      return new ByteArrayOutputStream();
    }
  }
}
