package dev.dunlin.oci;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads modules from registries, and brings them there (distribution-spec 1.1). Safe for use by
 * many threads; every call blocks its caller, best a virtual thread, and ends with a {@link
 * java.util.concurrent.CancellationException} when that is interrupted.
 */
public final class RegistryClient implements AutoCloseable {
  private final RegistryConfig config;
  private final Transport transport;

  /**
   * @throws IllegalArgumentException when the configured CA file cannot be used
   */
  public RegistryClient(RegistryConfig config) {
    this.config = config;
    this.transport = new Transport(config);
  }

  /**
   * The digest of the manifest (or index) that {@code image} names now; by a digest, that its
   * repository says so and lets these credentials read. A name is all that this is: whether the
   * repository holds what it names, {@link #fetch} and {@link #prove} find out.
   *
   * @throws RegistryException when it cannot be had
   */
  public Digest resolve(ImageReference image, Keychain keychain) {
    return fromFirst(image, keychain, pull -> new ManifestFetch(pull).digest());
  }

  /**
   * {@link #resolve}, and what the registry says of the module there. By a digest nobody is asked
   * whether it is there. What cannot be learnt about the module is unknown, and no fault: whoever
   * fetches it meets the same, and says it.
   *
   * @throws RegistryException when the digest that a tag names cannot be had
   */
  public RemoteModule describe(ImageReference image, Keychain keychain) {
    Digest given = image.digest();
    Digest manifest = given == null ? resolve(image, keychain) : given;
    try {
      return fromFirst(
          image.withDigest(manifest), keychain, pull -> new RemoteLook(pull).at(manifest));
    } catch (RegistryException e) {
      return RemoteModule.unknown(manifest);
    }
  }

  /**
   * Leaves the bare module in {@code target}, which appears whole and checked or not at all. A
   * fetch that failed midway leaves {@code target.*.part} files, where the next one goes on.
   *
   * @param image must name a digest
   * @throws RegistryException when it cannot be had
   * @throws java.io.UncheckedIOException when it cannot be stored
   */
  public FetchedModule fetch(
      ImageReference image, Keychain keychain, Path target, Progress progress) {
    Digest digest = requireDigest("fetch", image);
    return fromFirst(
        image, keychain, pull -> new ModuleFetch(pull, target, progress).fetch(digest));
  }

  /**
   * Has the registry (or a mirror of it) give the whole module, checks every byte, and keeps none:
   * whoever knows only a digest cannot.
   *
   * @param image must name a digest
   * @throws RegistryException when it cannot be had
   */
  public void prove(ImageReference image, Keychain keychain) {
    Digest digest = requireDigest("prove", image);
    fromFirst(image, keychain, pull -> new ModuleProof(pull).demand(digest));
  }

  /**
   * Pushes a module to the registry itself, never to a mirror: what the repository has already is
   * not sent again, and the name appears last.
   *
   * @param image must name a tag
   * @return the digest of its manifest
   * @throws RegistryException when the registry does not take it
   */
  public Digest push(
      ImageReference image, Keychain keychain, ModuleArtifact module, Progress progress) {
    if (image.tag() == null || image.digest() != null) {
      throw new IllegalArgumentException("push: expected a reference by tag, found " + image);
    }
    Source source = Source.origin(image, config);
    var pull =
        new Pull(
            transport,
            source,
            image,
            source.credentials(keychain),
            config,
            Deadline.after(config.timeouts().fetch()));
    return new ModulePush(pull, progress).push(module);
  }

  /**
   * The credentials that pulling {@code image} may show, to mirrors and registry in their order;
   * empty when every one of them is asked anonymously.
   */
  public List<Credentials> presented(ImageReference image, Keychain keychain) {
    return Source.of(image, config).stream()
        .flatMap(source -> source.credentials(keychain).stream())
        .toList();
  }

  /**
   * Shows what lies beside an image as signatures of it, from each mirror and the registry itself,
   * until one is {@code enough}. Where none is, it has seen all that the registry has within the
   * bounds of {@link SignatureFetch}.
   *
   * @param image must name a digest
   * @throws RegistryException when none is enough and the registry could not be asked for all
   */
  public void signatures(
      ImageReference image, Keychain keychain, Predicate<SignatureArtifact> enough) {
    Digest digest = requireDigest("signatures", image);
    fromFirst(
        image,
        keychain,
        pull -> {
          boolean satisfied = new SignatureFetch(pull, enough).search(digest);
          if (!satisfied && !pull.source().equals(Source.of(image, config).getLast())) {
            // A mirror need not have the signatures of what it has.
            throw new RegistryException(RegistryException.Kind.NOT_FOUND, "no such signature");
          }
          return digest;
        });
  }

  private static Digest requireDigest(String what, ImageReference image) {
    Digest digest = image.digest();
    if (digest == null) {
      throw new IllegalArgumentException(what + ": expected a reference by digest, found " + image);
    }
    return digest;
  }

  private <T> T fromFirst(ImageReference image, Keychain keychain, Function<Pull, T> question) {
    Deadline deadline = Deadline.after(config.timeouts().fetch());
    List<Source> sources = Source.of(image, config);
    var faults = new ArrayList<RegistryException>();
    for (Source source : sources) {
      boolean last = source.equals(sources.getLast());
      var pull =
          new Pull(
              transport,
              source,
              image,
              source.credentials(keychain),
              last ? config : config.withTimeouts(config.timeouts().forMirror()),
              deadline);
      try {
        return question.apply(pull);
      } catch (RegistryException e) {
        faults.add(e);
      }
    }
    throw all(faults);
  }

  // The origin has the last word; what the mirrors said stands behind it.
  private static RegistryException all(List<RegistryException> faults) {
    RegistryException origin = faults.removeLast();
    if (faults.isEmpty()) {
      return origin;
    }
    var message = new StringBuilder(String.valueOf(origin.getMessage()));
    faults.forEach(
        mirror -> message.append("; before that a mirror: ").append(mirror.getMessage()));
    var whole = new RegistryException(origin.kind(), message.toString(), origin);
    faults.forEach(whole::addSuppressed);
    return whole;
  }

  @Override
  public void close() {
    transport.close();
  }
}
