package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads this node's SecretProviderClassPodStatus objects: all of them, one by its name, or what
 * changes. It takes the verbs list and watch alone.
 */
final class PodStatuses {

  private static final String NODE_LABEL = "internal.secrets-store.csi.k8s.io/node-name";
  private static final String METADATA = "metadata";
  private static final String PAGE = "100";
  private static final Duration LONGEST_LIST = Duration.ofSeconds(30);

  /** Between four and eight minutes, so that the watches of a cluster don't end together. */
  private static final int SHORTEST_WATCH_SECONDS = 240;

  private static final Duration AFTER_WATCH = Duration.ofSeconds(30);

  private final ApiServer server;
  private final String node;
  private final Ticker ticker;

  PodStatuses(ApiServer server, String node, Ticker ticker) {
    this.server = server;
    this.node = node;
    this.ticker = ticker;
  }

  /** All objects, and the version of the state that they are. */
  record Listed(List<PodStatus> statuses, String version) {}

  /** Lists them; nothing if the server forgot the state while its pages were read. */
  Optional<Listed> list() throws MountFailure, InterruptedException {
    List<PodStatus> statuses = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> query = new TreeMap<>(ofThisNode());
      query.put("limit", PAGE);
      if (!next.isEmpty()) {
        query.put("continue", next);
      }
      ApiAnswer answer =
          server.ask(ApiRequest.list(ApiResource.POD_STATUSES, "", query), listDeadline());
      if (answer.isGone()) {
        return Optional.empty();
      }
      JsonNode page = answer.require();
      page.items("items").forEach(item -> PodStatus.of(item).ifPresent(statuses::add));
      next = page.text(METADATA, "continue");
      if (next.isEmpty()) {
        return Optional.of(new Listed(statuses, page.text(METADATA, "resourceVersion")));
      }
    } while (true);
  }

  /** The object of that name, whatever its label: a list of one needs no right to get. */
  Optional<PodStatus> find(PodStatus.Key key) throws MountFailure, InterruptedException {
    ApiRequest request =
        ApiRequest.list(
            ApiResource.POD_STATUSES,
            key.namespace(),
            Map.of("fieldSelector", METADATA + ".name=" + key.name()));
    return server.object(request, listDeadline()).items("items").stream()
        .findFirst()
        .map(
            object ->
                PodStatus.of(object)
                    .orElseGet(
                        () ->
                            new PodStatus(
                                key.namespace(), key.name(), object.text(METADATA, "uid"), "")));
  }

  /**
   * Tells what changes from that version on, until the server ends it.
   *
   * @return an answer that {@link ApiAnswer#isGone} if the server has forgotten that version
   */
  ApiAnswer watch(String version, ApiServer.EventReader events)
      throws MountFailure, InterruptedException {
    int seconds =
        SHORTEST_WATCH_SECONDS + ThreadLocalRandom.current().nextInt(SHORTEST_WATCH_SECONDS);
    Map<String, String> query = new TreeMap<>(ofThisNode());
    query.put("resourceVersion", version);
    query.put("allowWatchBookmarks", "true");
    query.put("timeoutSeconds", Integer.toString(seconds));
    return server.watch(
        ApiRequest.watch(ApiResource.POD_STATUSES, "", query),
        Deadline.after(Duration.ofSeconds(seconds).plus(AFTER_WATCH), ticker),
        events);
  }

  private Map<String, String> ofThisNode() {
    return Map.of("labelSelector", NODE_LABEL + "=" + node);
  }

  private Deadline listDeadline() {
    return Deadline.after(LONGEST_LIST, ticker);
  }
}
