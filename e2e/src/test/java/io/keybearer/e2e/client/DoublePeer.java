package io.keybearer.e2e.client;

import io.keybearer.e2e.store.StoreCall;
import io.keybearer.e2e.store.StoreFault;
import io.keybearer.e2e.store.StoreFaults.Planted;
import io.keybearer.e2e.store.StoreIdentities;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCall;
import io.keybearer.provider.conformance.PeerLog;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.Trouble;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The real server of the store double, which meets every trouble. */
final class DoublePeer implements Peer, AutoCloseable {

  private final StoreServer store =
      new StoreServer(StoreSettings.cleartext().with(DoublePeer::identity));
  private final PeerLog log = new PeerLog();
  private final Map<PeerCall.Kind, List<Planted>> planted = new EnumMap<>(PeerCall.Kind.class);
  private final Set<PeerCall.Kind> refused = EnumSet.noneOf(PeerCall.Kind.class);
  private final Map<String, String> contents = new ConcurrentHashMap<>();
  private final Set<String> forbidden = new HashSet<>();

  DoublePeer() {
    // A fault that takes no call sees each of them before its answer.
    store.faults().plant(this::note, StoreFault.close());
  }

  private boolean note(StoreCall call) {
    log.add(new PeerCall(kind(call), call.credential()));
    return false;
  }

  private static PeerCall.Kind kind(StoreCall call) {
    return switch (call.kind()) {
      case LOGIN -> PeerCall.Kind.LOGIN;
      case READ, BATCH, MINT -> PeerCall.Kind.READ;
      case PROOF, RENEW, REVOKE, UNKNOWN -> PeerCall.Kind.OTHER;
    };
  }

  /** Namespace and service account, without the pod. */
  private static Optional<String> identity(String role, String token) {
    return StoreIdentities.trusting()
        .identity(role, token)
        .map(identity -> identity.substring(0, identity.lastIndexOf('/')));
  }

  String address() {
    return store.address().toString();
  }

  void put(String name, SecretBytes content) {
    store.secrets().put(name, content.reveal());
    contents.put(name, new String(content.reveal(), StandardCharsets.UTF_8));
    forbidden.forEach(identity -> store.secrets().deny(identity, name));
  }

  @Override
  public PeerLog log() {
    return log;
  }

  @Override
  public void meet(PeerCall.Kind kind, Trouble trouble) {
    forget(kind);
    if (trouble == Trouble.REFUSED) {
      refused.add(kind);
      store.down();
      return;
    }
    List<Planted> faults = new ArrayList<>();
    if (trouble == Trouble.FORBIDDEN) {
      faults.add(plantInItems(kind, "denied"));
    } else if (trouble == Trouble.ABSENT) {
      faults.add(plantInItems(kind, "not found"));
    }
    faults.add(store.faults().plant(call -> kind(call) == kind, fault(trouble)));
    planted.put(kind, faults);
  }

  /** A batch is answered, and denies its secrets one by one. */
  private Planted plantInItems(PeerCall.Kind kind, String error) {
    return store
        .faults()
        .plant(
            call -> call.kind() == StoreCall.Kind.BATCH && kind(call) == kind,
            StoreFault.status(200, Map.of(), call -> items(call, error)));
  }

  private String items(StoreCall call, String error) {
    return call.paths().stream()
        .map(
            name ->
                "{\"name\":\"%s\",\"error\":\"%s\",\"detail\":\"%s\"}"
                    .formatted(name, error, echo(call)))
        .collect(Collectors.joining(",", "{\"items\":[", "]}"));
  }

  private StoreFault fault(Trouble trouble) {
    return switch (trouble) {
      case HANGING -> StoreFault.hang();
      case STALLED -> StoreFault.stall();
      case BROKEN -> StoreFault.reset();
      case SERVER_ERROR -> status(500, Map.of());
      case THROTTLED -> status(429, Map.of("Retry-After", "7"));
      case UNAUTHENTICATED -> status(401, Map.of());
      case FORBIDDEN -> status(403, Map.of());
      case ABSENT -> status(404, Map.of());
      case REFUSED -> throw new IllegalArgumentException("nobody answers it");
    };
  }

  private StoreFault status(int status, Map<String, String> headers) {
    return StoreFault.status(status, headers, call -> "{\"error\":\"" + echo(call) + "\"}");
  }

  /** All that nobody should print. */
  private String echo(StoreCall call) {
    return call.credential() + " " + call.path() + " " + String.join(" ", contents.values());
  }

  private void forget(PeerCall.Kind kind) {
    planted.getOrDefault(kind, List.of()).forEach(Planted::clear);
    planted.remove(kind);
    if (refused.remove(kind) && refused.isEmpty()) {
      store.up();
    }
  }

  @Override
  public void forbid(Pod pod) {
    String identity = pod.namespace() + "/" + pod.serviceAccount();
    forbidden.add(identity);
    contents.keySet().forEach(name -> store.secrets().deny(identity, name));
  }

  @Override
  public void repair() {
    for (PeerCall.Kind kind : PeerCall.Kind.values()) {
      forget(kind);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
