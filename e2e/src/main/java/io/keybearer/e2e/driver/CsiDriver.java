package io.keybearer.e2e.driver;

import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;

/** A driver's node service as the kubelet calls it, and what it tells of itself. */
public interface CsiDriver extends AutoCloseable {

  /**
   * Publishes a volume, for the first time or again.
   *
   * @param deadline the kubelet's, handed on to the provider; in real time
   */
  Status publish(PublishRequest request, Deadline deadline);

  /** Takes a volume away. No provider hears of it. */
  Status unpublish(String volumeId, String targetPath);

  /**
   * How long a volume that was just published is skipped, and so the least time between two calls
   * of a provider for it; zero for a driver that the kubelet does not ask to republish.
   */
  Duration republishesAfter();

  /**
   * The sum of a counter that it exports, over all series that carry these labels.
   *
   * @param name as it is exported: {@code node_publish_total}
   */
  long metric(String name, Map<String, String> labels);

  /** Closes the connections to the providers; volumes stay as they are. */
  @Override
  void close();
}
