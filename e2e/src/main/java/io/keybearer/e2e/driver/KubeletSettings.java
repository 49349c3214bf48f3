package io.keybearer.e2e.driver;

import java.time.Duration;
import java.util.List;

/**
 * The kubelet's side of a node.
 *
 * @param callDeadline how long a publish may take in real time; a test shortens it, and the kubelet
 *     still charges two minutes of virtual time when it expires
 * @param tokenRequests of the CSIDriver object
 * @param tokensInSecrets whether tokens come in {@code secrets} (Kubernetes 1.35) instead of the
 *     volume context
 * @param seed of the spread of pod syncs, of UIDs, and of the order in which files are written
 */
public record KubeletSettings(
    Duration callDeadline,
    List<TokenRequest> tokenRequests,
    boolean tokensInSecrets,
    TokenIssuer issuer,
    long seed) {
  public KubeletSettings {
    tokenRequests = List.copyOf(tokenRequests);
  }
}
