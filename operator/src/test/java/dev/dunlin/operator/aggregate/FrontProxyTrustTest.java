package dev.dunlin.operator.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontProxyTrustTest {
  private static final String PASSWORD = "changeit";
  private static final Map<String, List<String>> ADA =
      Map.of(
          "x-remote-user", List.of("ada"),
          "x-remote-uid", List.of("17"),
          "x-remote-group", List.of("readers", "system:authenticated"),
          "x-remote-extra-example.org%2fscopes", List.of("a", "b"));

  @TempDir private static Path disk;

  @SuppressWarnings("NullAway.Init")
  private static KeyStore keys;

  @BeforeAll
  static void certificates() throws Exception {
    Path store = disk.resolve("keys.p12");
    keytool(store, "ca", "-dname", "CN=front-proxy-ca", "-ext", "bc:c");
    keytool(store, "proxy", "-dname", "CN=front-proxy", "-ext", "eku=clientAuth", "-signer", "ca");
    keytool(store, "server", "-dname", "CN=front-proxy", "-ext", "eku=serverAuth", "-signer", "ca");
    keytool(store, "kubelet", "-dname", "CN=kubelet", "-ext", "eku=clientAuth", "-signer", "ca");
    keytool(store, "other", "-dname", "CN=front-proxy", "-ext", "eku=clientAuth");
    keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private static FrontProxyTrust trust(String... more) throws Exception {
    var data = new HashMap<String, String>();
    data.put("requestheader-client-ca-file", pem("ca"));
    data.put("requestheader-allowed-names", "[\"front-proxy\"]");
    data.put("requestheader-username-headers", "[\"X-Remote-User\"]");
    data.put("requestheader-uid-headers", "[\"X-Remote-Uid\"]");
    data.put("requestheader-group-headers", "[\"X-Remote-Group\"]");
    data.put("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]");
    for (int i = 0; i < more.length; i += 2) data.put(more[i], more[i + 1]);
    return FrontProxyTrust.parse(data);
  }

  @Test
  void theFrontProxySaysWhoAsks() throws Exception {
    assertThat(trust().user(chain("proxy"), ADA))
        .hasValue(
            new User(
                "ada",
                "17",
                List.of("readers", "system:authenticated"),
                Map.of("example.org/scopes", List.of("a", "b"))));
  }

  @Test
  void nobodyElseMaySayIt() throws Exception {
    assertThat(trust().user(List.of(), ADA)).as("no certificate").isEmpty();
    assertThat(trust().user(chain("other"), ADA)).as("signed by itself").isEmpty();
    assertThat(trust().user(chain("kubelet"), ADA)).as("a name not allowed").isEmpty();
    assertThat(trust().user(chain("server"), ADA)).as("no client's certificate").isEmpty();
    assertThat(trust().user(chain("proxy"), Map.of())).as("no user said").isEmpty();
  }

  @Test
  void anyNameIsAllowedWhereNoneIsSaid() throws Exception {
    assertThat(trust("requestheader-allowed-names", "[]").user(chain("kubelet"), ADA)).isPresent();
  }

  @Test
  void withoutAnAuthorityNobodyIsTrusted() throws Exception {
    var trust = trust("requestheader-client-ca-file", "");

    assertThat(trust.isNobody()).isTrue();
    assertThat(trust.user(chain("proxy"), ADA)).isEmpty();
  }

  @Test
  void whatCannotBeReadIsRefused() {
    assertThatThrownBy(() -> trust("requestheader-client-ca-file", "-----BEGIN NONSENSE-----"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("requestheader-client-ca-file: expected certificates in PEM");
    assertThatThrownBy(() -> trust("requestheader-allowed-names", "[oops"))
        .hasMessage("requestheader-allowed-names: expected a list in JSON");
  }

  private static List<X509Certificate> chain(String alias) throws Exception {
    return List.of((X509Certificate) keys.getCertificate(alias));
  }

  private static String pem(String alias) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
        .formatted(
            Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getCertificate(alias).getEncoded()));
  }

  private static void keytool(Path store, String alias, String... more)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString(),
                "-alias",
                alias));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
