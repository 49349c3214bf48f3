package io.keybearer.e2e.driver;

import java.time.Instant;

/**
 * A line of {@code kubectl describe pod}.
 *
 * @param type {@code Normal} or {@code Warning}
 * @param source {@code kubelet}, or {@code csi-secrets-store-rotation}
 */
public record PodEvent(Instant at, String type, String reason, String source, String message) {}
