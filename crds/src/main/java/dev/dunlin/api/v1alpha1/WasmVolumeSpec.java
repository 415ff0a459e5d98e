package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** What is asked for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "isQuantity(string(self.size)) && quantity(string(self.size)).isGreaterThan(quantity('0'))",
    fieldPath = ".size",
    message = "must be a quantity of bytes above 0, e.g. 1Gi")
@ValidationRule(
    value = "self.accessMode == oldSelf.accessMode",
    fieldPath = ".accessMode",
    message = "is immutable")
public record WasmVolumeSpec(
    @JsonPropertyDescription(
            "ReadWriteOnce: a folder of one node, for one app, whose instances all run there. ReadWriteMany: a folder on storage that all nodes share, for any app of the namespace.")
        @Default("ReadWriteOnce")
        @Required
        AccessMode accessMode,
    @JsonPropertyDescription("Bytes that its files may take together; may be changed.") @Required
        Quantity size) {
  public WasmVolumeSpec {
    accessMode = accessMode == null ? AccessMode.ReadWriteOnce : accessMode;
  }
}
