package io.keybearer.daemonset;

import io.keybearer.provider.aws.AwsBackend;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The flags of official providers that say what ours say in other words, so that a DaemonSet's
 * arguments can stay as they are. Each wins over the flag that it stands for.
 *
 * @param endpoint the one socket to answer on; nothing for those of {@code --sockets}
 * @param providerVolume the folder of the AWS provider's one socket; nothing for the same
 * @param healthAddress where health is served; empty for {@code --health-address}
 * @param debug whether everything is logged
 */
record OfficialFlags(
    Optional<Path> endpoint, Optional<Path> providerVolume, String healthAddress, boolean debug) {

  private static final String SOCKET = ".sock";

  /** Those that were given. */
  static OfficialFlags read(SettingsReader from) {
    from.text("cache-size", "", "taken from the official providers, without effect");
    from.text(
        "hmac-secret-name",
        "",
        "taken from the official providers, without effect: mount that Secret, see"
            + " --vault-hmac-key-file");
    return new OfficialFlags(
        from.read(
            "endpoint",
            "",
            "the official providers' name for one socket, in place of --socket-dir and --sockets",
            "the path of a socket such as /provider/vault.sock",
            OfficialFlags::endpoint),
        from.read(
            "provider-volume",
            "",
            "the official AWS provider's name for --socket-dir, where aws.sock alone is served",
            "a path",
            text -> text.isEmpty() ? Optional.<Path>empty() : Optional.of(Path.of(text))),
        from.text("health-addr", "", "the official providers' name for --health-address"),
        from.yesOrNo("debug", "the official providers' name for --log-level=debug"));
  }

  private static Optional<Path> endpoint(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Path path = Path.of(text);
    if (path.getParent() == null || !text.endsWith(SOCKET)) {
      throw new IllegalArgumentException();
    }
    return Optional.of(path);
  }

  /** The folder of the one socket. */
  Optional<Path> folder() {
    return endpoint.map(Path::getParent).or(() -> providerVolume);
  }

  /** The store of the one socket. */
  Optional<String> store() {
    return endpoint
        .map(path -> path.getFileName().toString())
        .map(OfficialFlags::withoutEnding)
        .or(() -> providerVolume.map(folder -> AwsBackend.NAME));
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.length() - SOCKET.length());
  }

  /** Where health is served, as {@code --health-address} is written: Go needs no host. */
  String healthAddressOr(String ours) {
    if (healthAddress.isEmpty()) {
      return ours;
    }
    return healthAddress.startsWith(":") ? "0.0.0.0" + healthAddress : healthAddress;
  }
}
