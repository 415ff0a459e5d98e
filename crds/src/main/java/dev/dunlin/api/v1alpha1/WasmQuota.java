package dev.dunlin.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What all instances of a namespace may take together, and what one may: a ResourceQuota and a
 * LimitRange for instances. Its spec is written by the cluster's owner, its status by the operator.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames({"wquota", "wquotas"})
@Categories("wasm")
public final class WasmQuota extends CustomResource<WasmQuotaSpec, WasmQuotaStatus>
    implements Namespaced {}
