package dev.dunlin.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Storage that outlives instances and apps, what a PersistentVolumeClaim is to Pods. Its spec is
 * written by its user, its status by the operator; its files go when it is deleted.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames({"wvol", "wvols"})
@Categories("wasm")
public final class WasmVolume extends CustomResource<WasmVolumeSpec, WasmVolumeStatus>
    implements Namespaced {}
