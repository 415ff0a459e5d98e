package dev.dunlin.agent.signature;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.oci.SignatureArtifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets those images start whose signatures the policies ask for, before a byte of their modules is
 * fetched. What cannot be known lets nobody through. Safe for use by many threads.
 */
public final class ImageGate {
  private static final int SEARCHES_AT_ONCE = 16;
  private static final int KEPT = 4_096;

  private final PolicySource policies;
  private final RegistryClient registries;
  private final EvidenceFolder evidence;
  private final Semaphore searches = new Semaphore(SEARCHES_AT_ONCE, true);

  /**
   * @param folder where good signatures are kept
   */
  public ImageGate(PolicySource policies, RegistryClient registries, Path folder)
      throws IOException {
    this.policies = policies;
    this.registries = registries;
    this.evidence = new EvidenceFolder(folder, KEPT);
  }

  /**
   * What the policies say of an image that may start; empty where none concerns it. Blocks while a
   * registry is asked.
   *
   * @param image by digest: of the index where its tag leads to one, as cosign signs it
   * @throws ImageRefusedException when it may not start
   * @throws RegistryException when its registry cannot be asked for its signatures
   */
  public Optional<Judgement> admit(
      String namespace, ImageReference image, Supplier<Keychain> keychain)
      throws InterruptedException {
    List<PolicyDemand> demands =
        policies.concerning(namespace, image).stream().map(PolicyDemand::new).toList();
    if (demands.isEmpty()) {
      return Optional.empty();
    }
    Digest digest = Objects.requireNonNull(image.digest(), "an image by digest");
    if (hold(evidence.read(digest), demands, digest)) {
      return Optional.of(judge(image, demands, 0, null));
    }
    searches.acquire();
    try {
      // Another instance of the image may have found them meanwhile.
      if (hold(evidence.read(digest), demands, digest)) {
        return Optional.of(judge(image, demands, 0, null));
      }
      return Optional.of(search(image, digest, demands, keychain));
    } finally {
      searches.release();
    }
  }

  /** Whether all demands are met now. */
  private static boolean hold(
      List<SignatureArtifact> artifacts, List<PolicyDemand> demands, Digest image) {
    artifacts.forEach(artifact -> meets(artifact, demands, image));
    return demands.stream().allMatch(PolicyDemand::isMet);
  }

  /** Whether it is what one of them still wants. */
  private static boolean meets(
      SignatureArtifact artifact, List<PolicyDemand> demands, Digest image) {
    boolean any = false;
    for (PolicyDemand demand : demands) {
      any |= !demand.isMet() && demand.isMetBy(artifact, image);
    }
    return any;
  }

  private Judgement search(
      ImageReference image,
      Digest digest,
      List<PolicyDemand> demands,
      Supplier<Keychain> keychain) {
    var good = new ArrayList<>(evidence.read(digest));
    int before = good.size();
    var found = new AtomicInteger();
    RegistryException fault = null;
    try {
      registries.signatures(
          image,
          keychain.get(),
          artifact -> {
            found.incrementAndGet();
            if (meets(artifact, demands, digest)) {
              good.add(artifact);
            }
            return demands.stream().allMatch(PolicyDemand::isMet);
          });
    } catch (RegistryException e) {
      fault = e;
    }
    if (good.size() > before) {
      evidence.write(digest, good);
    }
    return judge(image, demands, found.get(), fault);
  }

  private static Judgement judge(
      ImageReference image,
      List<PolicyDemand> demands,
      int found,
      @Nullable RegistryException fault) {
    List<PolicyDemand> unmet = demands.stream().filter(demand -> !demand.isMet()).toList();
    if (unmet.isEmpty()) {
      return new Judgement(
          true,
          Reasons.SIGNATURE_VERIFIED,
          demands.stream().map(PolicyDemand::met).collect(Collectors.joining("; ")));
    }
    String missing =
        unmet.stream().map(demand -> demand.unmet(found)).collect(Collectors.joining("; "));
    boolean refused = unmet.stream().anyMatch(PolicyDemand::isEnforced);
    if (fault != null && refused) {
      throw new RegistryException(
          fault.kind() == RegistryException.Kind.UNAUTHORIZED
              ? RegistryException.Kind.UNAUTHORIZED
              : RegistryException.Kind.UNAVAILABLE,
          "the signatures that policies want of it could not be had: " + fault.getMessage(),
          fault);
    }
    String message =
        fault == null
            ? "%s: %s".formatted(image, missing)
            : "%s: its signatures could not be had: %s".formatted(image, fault.getMessage());
    String reason =
        fault != null
            ? Reasons.REGISTRY_UNAVAILABLE
            : found == 0 ? Reasons.SIGNATURE_MISSING : Reasons.SIGNATURE_INVALID;
    if (refused) {
      throw new ImageRefusedException(reason, message);
    }
    return new Judgement(
        false, reason, message + ". It starts all the same: the policy only warns.");
  }
}
