package dev.dunlin.api.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One node agent (cluster-scoped). Made by the agent, which keeps it alive by a Lease of the same
 * name. The agent writes all of its status but the conditions, which are the operator's.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames({"wnode", "wnodes"})
@Categories("wasm")
public final class WasmNode extends CustomResource<WasmNodeSpec, WasmNodeStatus> {}
