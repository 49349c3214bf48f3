package io.keybearer.e2e.driver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a node is made of.
 *
 * @param volumes makes the mounts when the node starts; the node closes them
 */
public record NodeSettings(
    DriverSettings driver, KubeletSettings kubelet, Supplier<VolumeMounts> volumes) {
  private static final int FOUR_MEBIBYTES = 4 * 1024 * 1024;

  /**
   * Driver 1.6.0 with the defaults of its flags: rotation off, 4 MiB, no tokens, and the kubelet's
   * two minutes.
   */
  public static NodeSettings of(Path providers) {
    return new NodeSettings(
        new DriverSettings(
            DriverVersion.V1_6_0,
            List.of(providers),
            Duration.ZERO,
            FOUR_MEBIBYTES,
            Duration.ofSeconds(1)),
        new KubeletSettings(
            Duration.ofMinutes(2), List.of(), false, TokenIssuer.unsigned(), 20260429L),
        VolumeMounts::detect);
  }

  /** Another generation of the driver. */
  public NodeSettings withVersion(DriverVersion version) {
    return with(
        new DriverSettings(
            version,
            driver.socketDirectories(),
            driver.rotation(),
            driver.receiveLimit(),
            driver.retryBackoff()));
  }

  /** Rotation on, with this poll interval. */
  public NodeSettings withRotation(Duration pollInterval) {
    return with(
        new DriverSettings(
            driver.version(),
            driver.socketDirectories(),
            pollInterval,
            driver.receiveLimit(),
            driver.retryBackoff()));
  }

  /** A directory that is searched before all others so far. */
  public NodeSettings withAdditionalProviders(Path directory) {
    List<Path> directories = new ArrayList<>();
    directories.add(directory);
    directories.addAll(driver.socketDirectories());
    return with(
        new DriverSettings(
            driver.version(),
            directories,
            driver.rotation(),
            driver.receiveLimit(),
            driver.retryBackoff()));
  }

  /** Another {@code --max-call-recv-msg-size}, in bytes. */
  public NodeSettings withReceiveLimit(int bytes) {
    return with(
        new DriverSettings(
            driver.version(),
            driver.socketDirectories(),
            driver.rotation(),
            bytes,
            driver.retryBackoff()));
  }

  /**
   * A shorter wait than the driver's one second before a call is sent again, so that a test is
   * fast.
   */
  public NodeSettings withRetryBackoff(Duration backoff) {
    return with(
        new DriverSettings(
            driver.version(),
            driver.socketDirectories(),
            driver.rotation(),
            driver.receiveLimit(),
            backoff));
  }

  /** A shorter wait than the kubelet's two minutes, so that a test is fast; in real time. */
  public NodeSettings withCallDeadline(Duration deadline) {
    return with(
        new KubeletSettings(
            deadline,
            kubelet.tokenRequests(),
            kubelet.tokensInSecrets(),
            kubelet.issuer(),
            kubelet.seed()));
  }

  /** The audiences of the CSIDriver object; tokens come in the volume context. */
  public NodeSettings withTokens(TokenRequest... requests) {
    return with(
        new KubeletSettings(
            kubelet.callDeadline(),
            List.of(requests),
            kubelet.tokensInSecrets(),
            kubelet.issuer(),
            kubelet.seed()));
  }

  /** Tokens come in {@code secrets}, as Kubernetes 1.35 does. */
  public NodeSettings withTokensInSecrets() {
    return with(
        new KubeletSettings(
            kubelet.callDeadline(),
            kubelet.tokenRequests(),
            true,
            kubelet.issuer(),
            kubelet.seed()));
  }

  /** Tokens of an issuer whose keys a store knows. */
  public NodeSettings withTokenIssuer(TokenIssuer issuer) {
    return with(
        new KubeletSettings(
            kubelet.callDeadline(),
            kubelet.tokenRequests(),
            kubelet.tokensInSecrets(),
            issuer,
            kubelet.seed()));
  }

  /** Another run of chance. */
  public NodeSettings withSeed(long seed) {
    return with(
        new KubeletSettings(
            kubelet.callDeadline(),
            kubelet.tokenRequests(),
            kubelet.tokensInSecrets(),
            kubelet.issuer(),
            seed));
  }

  /** Volumes of a chosen kind: {@code VolumeMounts::tmpfs}. */
  public NodeSettings withVolumes(Supplier<VolumeMounts> chosen) {
    return new NodeSettings(driver, kubelet, chosen);
  }

  private NodeSettings with(DriverSettings other) {
    return new NodeSettings(other, kubelet, volumes);
  }

  private NodeSettings with(KubeletSettings other) {
    return new NodeSettings(driver, other, volumes);
  }
}
