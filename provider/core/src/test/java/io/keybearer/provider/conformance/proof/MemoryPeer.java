package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCall;
import io.keybearer.provider.conformance.PeerLog;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.Trouble;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A peer without a network: it logs in, holds secrets, and meets every trouble. */
final class MemoryPeer implements Peer {

  private final PeerLog log = new PeerLog();
  private final Map<PeerCall.Kind, Trouble> troubles = new EnumMap<>(PeerCall.Kind.class);
  private final Map<String, SecretBytes> secrets = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Set<String> forbidden = new HashSet<>();

  /** The token of that pod; the peer sees whose it is. */
  static String token(Pod pod) {
    return "canary-token-of-" + identity(pod) + "-" + pod.name() + "-" + pod.role();
  }

  private static String identity(Pod pod) {
    return pod.namespace() + "/" + pod.serviceAccount();
  }

  @Override
  public PeerLog log() {
    return log;
  }

  @Override
  public synchronized void meet(PeerCall.Kind kind, Trouble trouble) {
    troubles.put(kind, trouble);
  }

  @Override
  public synchronized void forbid(Pod pod) {
    forbidden.add(identity(pod));
  }

  @Override
  public synchronized void repair() {
    troubles.clear();
    notifyAll();
  }

  synchronized void put(String name, SecretBytes content) {
    secrets.put(name, content);
  }

  synchronized Optional<SecretBytes> secret(String name) {
    return Optional.ofNullable(secrets.get(name));
  }

  /** The token of a session that is opened with this one. */
  synchronized String open(String token) {
    String session = "canary-session-" + owners.size();
    owners.put(session, token);
    return session;
  }

  /** One call; what it met, if not an answer. */
  synchronized Optional<Trouble> call(PeerCall.Kind kind, String credential, Deadline deadline)
      throws InterruptedException {
    if (troubles.containsValue(Trouble.REFUSED)) {
      return Optional.of(Trouble.REFUSED);
    }
    log.add(new PeerCall(kind, credential));
    Optional<Trouble> met = Optional.ofNullable(troubles.get(kind));
    if (met.filter(MemoryPeer::hangs).isPresent()) {
      while (hangs(troubles.getOrDefault(kind, Trouble.BROKEN)) && !deadline.hasPassed()) {
        wait(Math.max(1, deadline.remaining().toMillis()));
      }
      return met;
    }
    String token = owners.getOrDefault(credential, credential);
    boolean mayNot =
        kind != PeerCall.Kind.LOGIN
            && forbidden.stream().anyMatch(who -> token.contains("-" + who + "-"));
    return mayNot ? Optional.of(Trouble.FORBIDDEN) : met;
  }

  private static boolean hangs(Trouble trouble) {
    return trouble == Trouble.HANGING || trouble == Trouble.STALLED;
  }

  /** How long it wants to be left alone. */
  Duration retryAfter() {
    return Duration.ofSeconds(7);
  }
}
