package dev.dunlin.operator.aggregate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks for the API server, and in which headers it says who asks: the ConfigMap {@code
 * kube-system/extension-apiserver-authentication}. Without a certificate of the front proxy's
 * authority no header is believed.
 */
final class FrontProxyTrust {
  /** Trusts nobody. */
  static final FrontProxyTrust NONE =
      new FrontProxyTrust(null, List.of(), List.of(), List.of(), List.of(), List.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  private final @Nullable X509TrustManager authority;
  private final List<String> allowedNames;
  private final List<String> userHeaders;
  private final List<String> uidHeaders;
  private final List<String> groupHeaders;
  private final List<String> extraPrefixes;

  private FrontProxyTrust(
      @Nullable X509TrustManager authority,
      List<String> allowedNames,
      List<String> userHeaders,
      List<String> uidHeaders,
      List<String> groupHeaders,
      List<String> extraPrefixes) {
    this.authority = authority;
    this.allowedNames = allowedNames;
    this.userHeaders = userHeaders;
    this.uidHeaders = uidHeaders;
    this.groupHeaders = groupHeaders;
    this.extraPrefixes = extraPrefixes;
  }

  /**
   * Reads the ConfigMap's data.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  static FrontProxyTrust parse(Map<String, String> data) {
    @Nullable String authority = data.get("requestheader-client-ca-file");
    if (authority == null || authority.isBlank()) {
      return NONE;
    }
    return new FrontProxyTrust(
        trustManager(authority),
        list(data, "requestheader-allowed-names"),
        lower(list(data, "requestheader-username-headers")),
        lower(list(data, "requestheader-uid-headers")),
        lower(list(data, "requestheader-group-headers")),
        lower(list(data, "requestheader-extra-headers-prefix")));
  }

  boolean isNobody() {
    return authority == null;
  }

  /** Who asks, if whoever has passed the request on may say so. */
  Optional<User> user(List<X509Certificate> proxy, Map<String, List<String>> headers) {
    if (!isTrusted(proxy)) {
      return Optional.empty();
    }
    return first(userHeaders, headers)
        .map(name ->
            new User(
                name,
                first(uidHeaders, headers).orElse(""),
                groupHeaders.stream()
                    .flatMap(header -> headers.getOrDefault(header, List.of()).stream())
                    .toList(),
                extra(headers)));
  }

  private boolean isTrusted(List<X509Certificate> chain) {
    if (authority == null || chain.isEmpty()) {
      return false;
    }
    X509Certificate own = chain.getFirst();
    try {
      authority.checkClientTrusted(
          chain.toArray(X509Certificate[]::new), own.getPublicKey().getAlgorithm());
    } catch (CertificateException e) {
      return false;
    }
    return allowedNames.isEmpty() || commonName(own).filter(allowedNames::contains).isPresent();
  }

  private static Optional<String> commonName(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
              .map(rdn -> String.valueOf(rdn.getValue()))
              .findFirst();
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> first(List<String> names, Map<String, List<String>> headers) {
    return names.stream()
        .flatMap(name -> headers.getOrDefault(name, List.of()).stream())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private Map<String, List<String>> extra(Map<String, List<String>> headers) {
    var extra = new LinkedHashMap<String, List<String>>();
    headers.forEach((name, values) ->
        extraPrefixes.stream()
            .filter(name::startsWith)
            .findFirst()
            .ifPresent(prefix -> extra.put(unescaped(name.substring(prefix.length())), values)));
    return extra;
  }

  private static String unescaped(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEscaped) {
      return key;
    }
  }

  private static X509TrustManager trustManager(String pem) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.strip().getBytes(StandardCharsets.US_ASCII)));
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry(String.valueOf(number++), certificate);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Stream.of(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "requestheader-client-ca-file: expected certificates in PEM: " + e.getMessage(), e);
    }
  }

  private static List<String> list(Map<String, String> data, String key) {
    try {
      var list = new ArrayList<String>();
      JSON.readTree(data.getOrDefault(key, "[]")).forEach(item -> list.add(item.asText()));
      return List.copyOf(list);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(key + ": expected a list in JSON", e);
    }
  }

  private static List<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }
}
