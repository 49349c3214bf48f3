package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.conformance.PeerCall.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A session at the peer in memory. */
final class MemorySession implements Session {

  private final MemoryPeer peer;
  private final MemoryCalls calls;
  private final Flaw flaw;
  private final String session;
  private final String token;
  private final Map<SecretRef, ReadOutcome> kept = new ConcurrentHashMap<>();

  MemorySession(MemoryPeer peer, MemoryCalls calls, Flaw flaw, String session, String token) {
    this.peer = peer;
    this.calls = calls;
    this.flaw = flaw;
    this.session = session;
    this.token = token;
  }

  @Override
  public Batch batch(SecretRef reference) {
    return new Batch("", 2);
  }

  @Override
  public Map<SecretRef, ReadOutcome> read(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    if (flaw == Flaw.LOGS_IN_AGAIN) {
      calls.send(Kind.LOGIN, token, deadline);
    }
    int sent = flaw == Flaw.READS_ONE_BY_ONE ? references.size() : 1;
    try {
      for (int i = 0; i < sent; i++) {
        calls.send(Kind.READ, session, deadline);
      }
    } catch (MountFailure failure) {
      if (kept.keySet().containsAll(references)
          && failure.fault().kind() == Fault.Kind.SERVER_ERROR) {
        return Map.copyOf(kept);
      }
      throw failure;
    }
    Map<SecretRef, ReadOutcome> outcomes = new LinkedHashMap<>();
    for (SecretRef reference : references) {
      outcomes.put(reference, outcome(((MemoryReference) reference).name(), arrived));
    }
    if (flaw == Flaw.KEEPS_VALUES) {
      kept.putAll(outcomes);
    }
    return outcomes;
  }

  private ReadOutcome outcome(String name, ByteAllowance arrived) throws MountFailure {
    Optional<SecretBytes> content = peer.secret(name);
    if (content.isEmpty()) {
      return new ReadOutcome.Failed(MountFailure.of(Reason.NOT_FOUND, "no such secret"));
    }
    tell(content.get().length(), arrived);
    return new ReadOutcome.Value(
        SecretValue.of(name, "v" + content.get().hashCode(), content.get()));
  }

  private void tell(int bytes, ByteAllowance arrived) throws MountFailure {
    if (flaw == Flaw.TELLS_NO_BYTES) {
      return;
    }
    try {
      arrived.add(bytes / 2);
      arrived.add(bytes - bytes / 2);
    } catch (MountFailure noRoom) {
      if (flaw != Flaw.READS_ON_WITHOUT_ROOM) {
        throw noRoom;
      }
    }
  }

  @Override
  public Scope prove(SecretRef reference, Deadline deadline) {
    return ((MemoryReference) reference).traits().proven();
  }

  @Override
  public String toString() {
    return flaw == Flaw.PRINTS_ITS_TOKEN ? "session of " + token : "a session";
  }
}
