package dev.dunlin.e2e.cluster;

import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.child.Child;
import dev.dunlin.e2e.child.Ports;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * etcd and kube-apiserver, with kube-controller-manager where it is asked for, on free ports of the
 * loopback. Several can run side by side. All of it is gone once it is closed.
 */
public final class ControlPlane implements AutoCloseable {
  /** Names of its children. */
  static final Set<String> PROGRAMS = Set.of("etcd", "kube-apiserver", "kube-controller-manager");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KubernetesBinaries binaries;
  private final Path folder;
  private final Credentials credentials;
  private final int port = Ports.free();
  private final int etcdPort = Ports.free();
  private final Child etcd;
  private @Nullable Child apiServer;
  private @Nullable Child controllers;
  private final Path kubeconfig;
  private final KubernetesClient client;

  private ControlPlane(KubernetesBinaries binaries, Path folder) throws IOException {
    this.binaries = binaries;
    this.folder = folder;
    this.credentials = new Credentials(folder);
    this.etcd = startEtcd();
    this.apiServer = launchApiServer();
    Child server = apiServer;
    Await.until(
        "the certificate of kube-apiserver",
        PATIENCE,
        () -> Files.exists(credentials.authority()) || !server.isAlive(),
        () -> server.tail(20));
    this.kubeconfig = credentials.adminKubeconfig(url());
    this.client = newClient("default");
    awaitReady();
  }

  /** A new, empty control plane that is ready to be used. */
  public static ControlPlane start(KubernetesBinaries binaries) {
    try {
      return new ControlPlane(binaries, Files.createTempDirectory("dunlin-control-plane-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "https://127.0.0.1:" + port;
  }

  /** A kubeconfig of an administrator. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** A client of an administrator; closed with the control plane. */
  public KubernetesClient client() {
    return client;
  }

  /**
   * A client of an administrator whose default namespace is the given one; the caller closes it.
   */
  public KubernetesClient newClient(String namespace) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setNamespace(namespace);
    config.setRequestRetryBackoffLimit(0); // whoever waits here waits for a state, with a deadline
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The certificate by which aggregated APIs know this API server, as PEM. */
  public Path frontProxyCertificate() {
    return credentials.frontProxyCertificate();
  }

  /** Its key. */
  public Path frontProxyKey() {
    return credentials.frontProxyKey();
  }

  public Kubectl kubectl() {
    return new Kubectl(binaries.folder().resolve("kubectl"), kubeconfig, "default");
  }

  /** Starts kube-controller-manager (garbage collection, namespaces, HPA), once. */
  public synchronized void startControllers() {
    if (controllers != null) return;
    try {
      String config = credentials.controllerKubeconfig(url()).toString();
      controllers =
          start(
              "kube-controller-manager",
              "--kubeconfig=" + config,
              "--authentication-kubeconfig=" + config,
              "--authorization-kubeconfig=" + config,
              "--bind-address=127.0.0.1",
              "--secure-port=0",
              "--leader-elect=false",
              "--use-service-account-credentials=true",
              "--service-account-private-key-file=" + credentials.serviceAccountKey(),
              "--root-ca-file=" + credentials.authority(),
              "--horizontal-pod-autoscaler-sync-period=5s",
              // Nobody here is a kubelet all the time: Nodes and Pods are what a test says of them.
              "--controllers=*,-node-lifecycle-controller,-taint-eviction-controller,-pod-garbage-collector-controller");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the API server away; its data and its port stay. */
  public synchronized void stopApiServer() {
    if (apiServer == null) return;
    apiServer.kill();
    apiServer.close();
    apiServer = null;
  }

  /**
   * Brings the API server back on the same port with the same data, and waits until it is ready.
   */
  public synchronized void startApiServer() {
    if (apiServer != null) return;
    apiServer = launchApiServer();
    awaitReady();
  }

  @Override
  public synchronized void close() {
    client.close();
    Stream.of(controllers, apiServer, etcd)
        .filter(child -> child != null)
        .forEach(child -> {
          child.kill();
          child.close();
        });
    delete(folder);
  }

  private Child startEtcd() {
    String listen = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + Ports.free();
    return start(
        "etcd",
        "--data-dir=" + folder.resolve("etcd"),
        "--unsafe-no-fsync",
        "--listen-client-urls=" + listen,
        "--advertise-client-urls=" + listen,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
  }

  private Child launchApiServer() {
    return start(
        "kube-apiserver",
        "--etcd-servers=http://127.0.0.1:" + etcdPort,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        // No machine here has an address that an Endpoints object of "kubernetes" may hold.
        "--endpoint-reconciler-type=none",
        "--cert-dir=" + credentials.certificates(),
        "--token-auth-file=" + credentials.tokens(),
        "--authorization-mode=RBAC",
        "--proxy-client-cert-file=" + credentials.frontProxyCertificate(),
        "--proxy-client-key-file=" + credentials.frontProxyKey(),
        "--requestheader-client-ca-file=" + credentials.frontProxyAuthority(),
        "--requestheader-allowed-names=" + FrontProxyKeys.NAME,
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + credentials.serviceAccountPublicKey(),
        "--service-account-signing-key-file=" + credentials.serviceAccountKey());
  }

  private Child start(String name, String... flags) {
    var command = Stream.concat(Stream.of(binaries.path(name)), Stream.of(flags)).toList();
    return Child.start(name, command, Map.of(), folder.resolve(name + ".log"));
  }

  private void awaitReady() {
    Await.until(
        "kube-apiserver at " + url() + " is ready",
        PATIENCE,
        this::isReady,
        () -> "\n" + etcd + "\n" + etcd.tail(5) + "\n" + apiServer + "\n" + tail());
  }

  private String tail() {
    return apiServer == null ? "" : apiServer.tail(30);
  }

  private boolean isReady() {
    if (apiServer != null && !apiServer.isAlive()) {
      throw new IllegalStateException("kube-apiserver ended:\n" + tail());
    }
    try {
      return "ok".equals(client.raw("/readyz"))
          && client.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
