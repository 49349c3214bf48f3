package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.http.TlsVersion;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * A kubeconfig's current context (<a
 * href="https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/">kubeconfig v1</a>). What
 * would run a program, or keep a key in memory as text, is refused.
 */
final class Kubeconfig {

  private static final String NAME = "kubeconfig";
  private static final int LARGEST = 1024 * 1024;
  private static final List<String> NOT_FOR_A_CLUSTER = List.of("proxy-url");
  private static final List<String> NOT_FOR_A_USER =
      List.of("exec", "auth-provider", "username", "password", "as", "as-uid", "as-groups");

  private final Path folder;
  private final YamlNode.Mapping file;

  private Kubeconfig(Path folder, YamlNode.Mapping file) {
    this.folder = folder;
    this.file = file;
  }

  /**
   * Reads one.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} if there is none, {@link
   *     Reason#INVALID_PARAMETERS} if it is wrong or asks for what is refused
   */
  static ClusterAccess read(String path, Ticker ticker) throws MountFailure {
    if (path.contains(File.pathSeparator)) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS, "KUBECONFIG names several files", "name one of them");
    }
    Path absolute = Path.of(path).toAbsolutePath();
    try (InputStream bytes = Files.newInputStream(absolute)) {
      return parse(
          new String(bytes.readNBytes(LARGEST), StandardCharsets.UTF_8),
          absolute.resolveSibling(""),
          ticker);
    } catch (IOException e) {
      throw MountFailure.of(
          Reason.PRECONDITION, "the kubeconfig " + Quoted.of(path) + " can't be read");
    }
  }

  /** Reads one whose relative paths start in that folder. */
  static ClusterAccess parse(String text, Path folder, Ticker ticker) throws MountFailure {
    YamlNode.Mapping file = YamlReader.read(NAME, text).requireMapping("clusters, users, contexts");
    return new Kubeconfig(folder, file).access(ticker);
  }

  private ClusterAccess access(Ticker ticker) throws MountFailure {
    String current = file.text("current-context");
    if (current.isEmpty()) {
      throw wrong("has no current-context", "choose one with kubectl config use-context");
    }
    YamlNode.Mapping context = named("contexts", "context", current);
    YamlNode.Mapping cluster = named("clusters", "cluster", context.text("cluster"));
    YamlNode.Mapping user = named("users", "user", context.text("user"));
    refuse(cluster, NOT_FOR_A_CLUSTER);
    refuse(user, NOT_FOR_A_USER);
    String namespace = context.text("namespace");
    return new ClusterAccess(
        new HttpEndpoint(HttpAddress.parse(server(cluster)), tls(cluster, user)),
        token(user, ticker),
        namespace.isEmpty() ? "default" : namespace);
  }

  private static String server(YamlNode.Mapping cluster) throws MountFailure {
    if (cluster.text("server").isEmpty()) {
      throw cluster.place().failure("this cluster has no server", "write its address");
    }
    return cluster.text("server");
  }

  private TlsSettings tls(YamlNode.Mapping cluster, YamlNode.Mapping user) throws MountFailure {
    for (String data : List.of("client-certificate-data", "client-key-data")) {
      if (!user.text(data).isEmpty()) {
        throw user.place()
            .failure(
                data + " is not supported",
                "write it to a file and name that in "
                    + data.substring(0, data.length() - "-data".length()));
      }
    }
    return new TlsSettings(
        cluster.text("certificate-authority-data").isEmpty()
            ? file(cluster, "certificate-authority")
            : "",
        "",
        pem(cluster),
        file(user, "client-certificate"),
        file(user, "client-key"),
        cluster.text("tls-server-name"),
        cluster.text("insecure-skip-tls-verify").equals("true"),
        TlsVersion.TLS_1_2);
  }

  private static String pem(YamlNode.Mapping cluster) throws MountFailure {
    try {
      byte[] pem = Base64.getMimeDecoder().decode(cluster.text("certificate-authority-data"));
      return new String(pem, StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw cluster
          .place()
          .failure("certificate-authority-data is not base64", "copy the cluster's anew");
    }
  }

  private BearerToken token(YamlNode.Mapping user, Ticker ticker) throws MountFailure {
    if (!user.text("tokenFile").isEmpty()) {
      return BearerToken.in(Path.of(file(user, "tokenFile")), ticker);
    }
    String token = user.text("token");
    return token.isEmpty() ? BearerToken.none() : BearerToken.of(token);
  }

  private String file(YamlNode.Mapping node, String key) throws MountFailure {
    String path = node.text(key);
    return path.isEmpty() ? "" : folder.resolve(path).toString();
  }

  private static void refuse(YamlNode.Mapping node, List<String> keys) throws MountFailure {
    for (String key : keys) {
      YamlNode value = node.entries().get(key);
      if (value != null && !(value instanceof YamlNode.Scalar text && text.text().isEmpty())) {
        throw value
            .place()
            .failure(
                Quoted.of(key) + " is not supported",
                "use a token, a tokenFile or a client certificate, and no proxy");
      }
    }
  }

  /** What the entry of that name in a list holds. */
  private YamlNode.Mapping named(String list, String kind, String name) throws MountFailure {
    YamlNode entries = file.entries().get(list);
    if (entries != null) {
      for (YamlNode entry : entries.requireItems(list)) {
        YamlNode.Mapping candidate = entry.requireMapping("a " + kind);
        YamlNode value = candidate.entries().get(kind);
        if (candidate.text("name").equals(name) && value != null) {
          return value.requireMapping("a " + kind);
        }
      }
    }
    throw wrong("has no " + kind + " named " + Quoted.of(name), "look at its " + list);
  }

  private static MountFailure wrong(String problem, String remedy) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, "the kubeconfig " + problem, remedy);
  }
}
