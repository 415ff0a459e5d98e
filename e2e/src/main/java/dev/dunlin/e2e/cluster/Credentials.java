package dev.dunlin.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Who may speak to one control plane, and how it signs: tokens and a key for service accounts. Its
 * TLS certificate the API server makes by itself (flag --cert-dir), so that no certificate tool is
 * needed here.
 */
final class Credentials {
  private final Path folder;
  private final String adminToken = randomToken();
  private final String controllerToken = randomToken();

  Credentials(Path folder) throws IOException {
    this.folder = folder;
    KeyPair keys = rsa();
    pem(serviceAccountKey(), "PRIVATE KEY", keys.getPrivate());
    pem(serviceAccountPublicKey(), "PUBLIC KEY", keys.getPublic());
    FrontProxyKeys.shared().write(folder);
    Files.writeString(
        tokens(),
        """
        %s,admin,admin,system:masters
        %s,system:kube-controller-manager,system:kube-controller-manager
        """
            .formatted(adminToken, controllerToken));
  }

  Path serviceAccountKey() {
    return folder.resolve("service-accounts.key");
  }

  Path serviceAccountPublicKey() {
    return folder.resolve("service-accounts.pub");
  }

  /** Of the API server where it passes requests on to aggregated APIs. */
  Path frontProxyKey() {
    return folder.resolve(FrontProxyKeys.KEY);
  }

  Path frontProxyCertificate() {
    return folder.resolve(FrontProxyKeys.CERTIFICATE);
  }

  Path frontProxyAuthority() {
    return folder.resolve(FrontProxyKeys.AUTHORITY);
  }

  Path tokens() {
    return folder.resolve("tokens.csv");
  }

  Path certificates() {
    return folder.resolve("certificates");
  }

  /** What the API server's certificate is checked against; there once the server has started. */
  Path authority() {
    return certificates().resolve("apiserver.crt");
  }

  Path adminKubeconfig(String server) throws IOException {
    return kubeconfig("admin.kubeconfig", server, adminToken);
  }

  Path controllerKubeconfig(String server) throws IOException {
    return kubeconfig("controller-manager.kubeconfig", server, controllerToken);
  }

  private Path kubeconfig(String name, String server, String token) throws IOException {
    String authority = Base64.getEncoder().encodeToString(Files.readAllBytes(authority()));
    return Files.writeString(
        folder.resolve(name),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: e2e, cluster: {server: "%s", certificate-authority-data: %s}}]
        users: [{name: e2e, user: {token: %s}}]
        contexts: [{name: e2e, context: {cluster: e2e, user: e2e, namespace: default}}]
        current-context: e2e
        """
            .formatted(server, authority, token));
  }

  private static String randomToken() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static KeyPair rsa() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  private static void pem(Path file, String type, Key key) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
  }
}
