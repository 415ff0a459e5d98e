package dev.dunlin.operator.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.image.Resolution.Resolved;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One template that an app has had, as its ControllerRevision keeps it.
 *
 * @param app name of the app
 * @param owner uid of the app
 * @param template its hash
 * @param number counts up as templates are rolled out; one that is rolled out again gets a new one
 * @param image by digest, and what it needs of an engine; empty where nobody wrote it down
 * @param spec the template as JSON: a WasmAppSpec without what is not template
 */
public record KeptRevision(
    String namespace,
    String app,
    String owner,
    String template,
    long number,
    Optional<Resolved> image,
    String spec) {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String SPEC = "spec";

  /** What a ControllerRevision keeps; empty where it is not one of an app. */
  public static Optional<KeptRevision> of(ControllerRevision object) {
    var meta = object.getMetadata();
    @Nullable Map<String, String> labels = meta.getLabels();
    @Nullable String app = labels == null ? null : labels.get(Api.APP_LABEL);
    var owner =
        meta.getOwnerReferences().stream().filter(it -> "WasmApp".equals(it.getKind())).findFirst();
    if (app == null || owner.isEmpty() || !meta.getName().startsWith(app + "-"))
      return Optional.empty();
    String spec = object.getData() instanceof String text ? text : text(object);
    return Optional.of(
        new KeptRevision(
            meta.getNamespace(),
            app,
            owner.get().getUid(),
            meta.getName().substring(app.length() + 1),
            Objects.requireNonNullElse(object.getRevision(), 0L),
            image(meta.getAnnotations()),
            spec));
  }

  private static String text(ControllerRevision object) {
    return JSON.<JsonNode>valueToTree(object.getData()).path(SPEC).toString();
  }

  /** Makes an object smaller that {@link #of} reads: a text weighs less than a tree. */
  public static void trim(ControllerRevision object) {
    if (!(object.getData() instanceof String)) object.setData(text(object));
  }

  private static Optional<Resolved> image(@Nullable Map<String, String> annotations) {
    @Nullable String image = annotations == null ? null : annotations.get(Api.IMAGE_ANNOTATION);
    if (annotations == null || image == null) return Optional.empty();
    @Nullable String features = annotations.get(Api.FEATURES_ANNOTATION);
    return Optional.of(
        new Resolved(
            image,
            features == null || features.isEmpty() ? List.of() : List.of(features.split(",", -1))));
  }

  /** The same, rolled out again as the newest. */
  KeptRevision as(long newNumber) {
    return new KeptRevision(namespace, app, owner, template, newNumber, image, spec);
  }

  /** Its name in the API. */
  public String name() {
    return app + "-" + template;
  }

  /** The object that keeps it. */
  public ControllerRevision object(WasmApp ofApp) {
    var meta =
        new ObjectMetaBuilder()
            .withName(name())
            .withNamespace(namespace)
            .addToLabels(Api.APP_LABEL, app)
            .addToLabels("app.kubernetes.io/managed-by", Api.MANAGED_BY)
            .withOwnerReferences(AppService.owner(ofApp));
    image.ifPresent(it -> meta.addToAnnotations(Api.IMAGE_ANNOTATION, it.image()));
    image
        .filter(it -> !it.features().isEmpty())
        .ifPresent(
            it -> meta.addToAnnotations(Api.FEATURES_ANNOTATION, String.join(",", it.features())));
    return new ControllerRevisionBuilder()
        .withMetadata(meta.build())
        .withRevision(number)
        .withData(Map.of(SPEC, parsed()))
        .build();
  }

  private Object parsed() {
    try {
      return JSON.readValue(spec, Object.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("ControllerRevision %s keeps no JSON".formatted(name()), e);
    }
  }
}
