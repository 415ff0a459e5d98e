package dev.dunlin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which images must be signed by whom. Several policies that concern an image all hold. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.images) || self.images.all(i, " + Rules.IMAGE_PATTERN + ")",
    fieldPath = ".images",
    message = Rules.IMAGE_PATTERN_MESSAGE)
@ValidationRule(
    value = "!has(self.exceptImages) || self.exceptImages.all(i, " + Rules.IMAGE_PATTERN + ")",
    fieldPath = ".exceptImages",
    message = Rules.IMAGE_PATTERN_MESSAGE)
public record WasmImagePolicySpec(
    @JsonPropertyDescription(
            "Labels of the namespaces whose apps it concerns; unset or empty: of all.")
        @Nullable LabelSelector namespaceSelector,
    @JsonPropertyDescription(
            "Images that it concerns, by registry and repository without tag: * stands for anything but /, ** for anything. Unset: all images.")
        @Size(max = 64)
        List<@Size(min = 1, max = 512) String> images,
    @JsonPropertyDescription("Images of these that it does not concern after all.") @Size(max = 64)
        List<@Size(min = 1, max = 512) String> exceptImages,
    @JsonPropertyDescription(
            "Enforce: what is not signed does not start. Warn: it starts, and a condition and an Event say so.")
        @Default("Enforce")
        PolicyMode mode,
    @JsonPropertyDescription("Whose signatures count; one of them is enough.")
        @Required
        @Size(min = 1, max = 16)
        List<SignatureAuthority> authorities) {
  public WasmImagePolicySpec {
    images = Lists.copy(images);
    exceptImages = Lists.copy(exceptImages);
    mode = mode == null ? PolicyMode.Enforce : mode;
    authorities = Lists.copy(authorities);
  }
}
