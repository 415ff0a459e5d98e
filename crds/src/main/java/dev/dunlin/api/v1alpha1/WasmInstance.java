package dev.dunlin.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One replica of a {@link WasmApp} on one node: what a Pod is to a Deployment. Its spec is written
 * by the operator (and never changed), its status by the agent of its node.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames({"winst", "winsts"})
@Categories("wasm")
public final class WasmInstance extends CustomResource<WasmInstanceSpec, WasmInstanceStatus>
    implements Namespaced {}
