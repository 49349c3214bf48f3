package io.keybearer.e2e.driver;

import java.util.Map;

/**
 * What the kubelet asks for: {@code NodePublishVolume}. Absent values are empty, as on the wire.
 *
 * @param capability whether a volume capability is given
 * @param secrets data of the Secret that the volume refers to
 */
public record PublishRequest(
    String volumeId,
    String targetPath,
    Map<String, String> volumeContext,
    Map<String, String> secrets,
    boolean readOnly,
    boolean capability) {
  public PublishRequest {
    volumeContext = Map.copyOf(volumeContext);
    secrets = Map.copyOf(secrets);
  }
}
