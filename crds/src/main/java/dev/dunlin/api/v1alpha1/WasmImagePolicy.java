package dev.dunlin.api.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Who must have signed which images (cluster-scoped). Its spec is written by the cluster's owner,
 * and each agent holds what it starts against it; its status is written by the operator.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames({"wip", "wips"})
@Categories("wasm")
public final class WasmImagePolicy
    extends CustomResource<WasmImagePolicySpec, WasmImagePolicyStatus> {}
