package dev.dunlin.agent.config;

import dev.dunlin.agent.disk.FolderSize;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.WasmInstance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a guest may write to, and how much it may take. */
record WritableVolume(Volume volume, Path folder, long limitBytes) {

  Optional<Overuse> overuse(WasmInstance instance, VolumeSource volumes) throws IOException {
    if (FolderSize.of(folder, limitBytes) <= limitBytes) {
      return Optional.empty();
    }
    var claim = volume.wasmVolume();
    if (claim == null) {
      return Optional.of(
          new Overuse.Evict(
              "Usage of emptyDir volume \"%s\" exceeds the limit of %d bytes."
                  .formatted(volume.name(), limitBytes)));
    }
    try {
      volumes.open(instance, claim.claimName()); // which may have been made larger
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of(new Overuse.Halt(e.reason(), String.valueOf(e.getMessage())));
    }
  }
}
