package dev.dunlin.oci.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A distribution-spec registry in this JVM, on a loopback port of its own. Holds everything in
 * memory; other clients may push to it and pull from it over HTTP.
 */
public final class InMemoryRegistry implements AutoCloseable {
  /** One request as it came. */
  public record Request(String method, String path, @Nullable String range, boolean authorized) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final @Nullable TestCertificates certificates;
  private final Content content = new Content();
  private final Faults faults = new Faults();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Guard guard = new Guard.Open();
  private volatile boolean announcesDigests = true;

  private InMemoryRegistry(HttpServer server, @Nullable TestCertificates certificates) {
    this.server = server;
    this.certificates = certificates;
    server.setExecutor(executor);
    server.createContext("/", new Handler(this));
    server.start();
  }

  /** Listens for plain http on a free loopback port. */
  public static InMemoryRegistry start() {
    return start(0);
  }

  /** Listens for plain http on loopback; 0 is any port. */
  public static InMemoryRegistry start(int port) {
    try {
      return new InMemoryRegistry(HttpServer.create(loopback(port), 0), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens for https with a certificate of a CA made for it, see {@link #caPem()}. */
  public static InMemoryRegistry startTls() {
    try {
      var certificates = TestCertificates.forLoopback();
      HttpsServer server = HttpsServer.create(loopback(0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(certificates.serverContext()));
      return new InMemoryRegistry(server, certificates);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  /** {@code 127.0.0.1:PORT}, the registry's part of a reference. */
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** {@code http://} or {@code https://}, and the address. */
  public String url() {
    return (certificates == null ? "http://" : "https://") + address();
  }

  /** The CA's certificate, when started with TLS. */
  public String caPem() {
    if (certificates == null) {
      throw new IllegalStateException("no TLS here: use startTls()");
    }
    return certificates.caPem();
  }

  /** The reference {@code address/repoTag}, as {@link ImageReference} completes it. */
  public ImageReference reference(String repoTag) {
    return ImageReference.parse(address() + "/" + repoTag);
  }

  /** Pushes a CNCF artifact; answers the digest of its manifest. */
  public Digest pushModule(String repoTag, byte[] wasm) {
    return push(repoTag, Artifacts.cncf(wasm));
  }

  /** Pushes any artifact; answers the digest of its manifest. */
  public Digest push(String repoTag, Artifact artifact) {
    ImageReference reference = reference(repoTag);
    artifact
        .blobs()
        .forEach(blob -> content.putBlob(reference.repository(), Digest.of(blob), blob));
    artifact
        .children()
        .forEach(child -> push(reference.repository() + "@" + child.digest(), child));
    String name = reference.digest() != null ? reference.digest().toString() : tagOf(reference);
    return content.putManifest(
        reference.repository(), name, artifact.mediaType(), artifact.manifest());
  }

  private static String tagOf(ImageReference reference) {
    return reference.tag() == null ? "latest" : reference.tag();
  }

  /** Forgets a manifest by tag or digest. */
  public void delete(String repository, String tagOrDigest) {
    content.deleteManifest(repository, tagOrDigest);
  }

  /** Lets in only who knows the password. */
  public InMemoryRegistry requireBasic(String username, String password) {
    guard = new Guard.Basic(username, password);
    return this;
  }

  /** Lets in only who brings a token from this server's {@code /token}. */
  public InMemoryRegistry requireToken(String username, String password) {
    return requireToken(username, password, 300, url() + "/token", Set.of());
  }

  /** The same, with how long tokens hold, where they come from, and what anybody may read. */
  public InMemoryRegistry requireToken(
      String username,
      String password,
      long expiresInSeconds,
      String realm,
      Set<String> publicRepositories) {
    guard = new Guard.Tokens(username, password, expiresInSeconds, realm, publicRepositories);
    return this;
  }

  /** Makes every token given so far worthless. */
  public void revokeTokens() {
    if (guard instanceof Guard.Tokens tokens) {
      tokens.revoke();
    }
  }

  /** Lets everybody in, as at the start. */
  public InMemoryRegistry allowAnybody() {
    guard = new Guard.Open();
    return this;
  }

  /** Leaves out Docker-Content-Digest, as some registries do. */
  public InMemoryRegistry withoutDigestHeader() {
    announcesDigests = false;
    return this;
  }

  /** What is to go wrong. */
  public Faults faults() {
    return faults;
  }

  /** All requests so far, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** How many requests so far had this method and a path that contains {@code path}. */
  public long count(String method, String path) {
    return requests.stream()
        .filter(r -> r.method().equals(method) && r.path().contains(path))
        .count();
  }

  /** Begins a new log. */
  public void forgetRequests() {
    requests.clear();
  }

  Content content() {
    return content;
  }

  Guard guard() {
    return guard;
  }

  boolean announcesDigests() {
    return announcesDigests;
  }

  void log(HttpExchange exchange) {
    var headers = exchange.getRequestHeaders();
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            headers.getFirst("Range"),
            headers.containsKey("Authorization")));
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
