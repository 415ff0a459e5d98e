package dev.dunlin.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A WebAssembly app: what a user writes. Its status is written by the operator alone. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ValidationRule(value = Rules.APP_NAME, message = Rules.APP_NAME_MESSAGE)
@ValidationRule(value = Rules.CRON_NAME, message = Rules.CRON_NAME_MESSAGE)
@ShortNames({"wapp", "wapps"})
@Categories({"all", "wasm"})
public final class WasmApp extends CustomResource<WasmAppSpec, WasmAppStatus>
    implements Namespaced {}
