package io.keybearer.e2e.client;

import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.http.HttpCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A login at the store. */
final class DoubleSession implements Session {

  private static final ByteAllowance UNCOUNTED = bytes -> {};

  private final StoreExchange exchange;
  private final SecretBytes id;
  private final SessionLife life;
  private final Batch batch;

  DoubleSession(StoreExchange exchange, SecretBytes id, SessionLife life, Batch batch) {
    this.exchange = exchange;
    this.id = id;
    this.life = life;
    this.batch = batch;
  }

  @Override
  public Batch batch(SecretRef reference) {
    return batch;
  }

  @Override
  public SessionLife life() {
    return life;
  }

  @Override
  public Map<SecretRef, ReadOutcome> read(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    if (batch.most() > 1) {
      return batch(references, deadline, arrived);
    }
    DoubleRef reference = (DoubleRef) references.iterator().next();
    HttpCall call =
        reference.minted()
            ? StoreMessage.post("/v1/mint/" + reference.path(), id)
            : StoreMessage.get(secretPath(reference), id);
    DoubleAnswer answer = exchange.read(call, deadline, arrived);
    return Map.of(reference, new ReadOutcome.Value(value(answer)));
  }

  private static String secretPath(DoubleRef reference) {
    String query = reference.version().isEmpty() ? "" : "?version=" + reference.version();
    return "/v1/secrets/" + reference.path() + query;
  }

  /** What is minted has a lease instead of a version: each is another. */
  private SecretValue value(DoubleAnswer answer) throws MountFailure {
    String lease = answer.text("lease");
    String version = lease.isEmpty() ? answer.text("version") : lease;
    if (version.isEmpty()) {
      throw exchange.failures().unreadable("its answer names no version");
    }
    SecretValue value = SecretValue.of(answer.text("name"), version, answer.value());
    return lease.isEmpty() ? value : value.mintedFor(answer.seconds("ttlSeconds"));
  }

  private Map<SecretRef, ReadOutcome> batch(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    List<String> names =
        references.stream().map(reference -> ((DoubleRef) reference).path()).distinct().toList();
    DoubleAnswer answer = exchange.read(StoreMessage.batch(names, id), deadline, arrived);
    Map<String, DoubleAnswer> byName = new HashMap<>();
    answer.items().forEach(item -> byName.put(item.text("name"), item));
    Map<SecretRef, ReadOutcome> outcomes = new HashMap<>();
    for (SecretRef reference : references) {
      DoubleAnswer item = byName.get(((DoubleRef) reference).path());
      if (item != null) {
        outcomes.put(reference, outcome(item));
      }
    }
    return outcomes;
  }

  private ReadOutcome outcome(DoubleAnswer item) throws MountFailure {
    return switch (item.text("error")) {
      case "" -> new ReadOutcome.Value(value(item));
      case "not found" -> new ReadOutcome.Failed(exchange.failures().notFound());
      case "denied" -> new ReadOutcome.Failed(exchange.failures().denied());
      default ->
          new ReadOutcome.Failed(
              MountFailure.of(Reason.STORE_UNAVAILABLE, "the store failed on this object"));
    };
  }

  @Override
  public Scope prove(SecretRef reference, Deadline deadline)
      throws MountFailure, InterruptedException {
    String path = "/v1/proof/" + ((DoubleRef) reference).mount();
    DoubleAnswer answer = exchange.read(StoreMessage.get(path, id), deadline, UNCOUNTED);
    return answer.isTrue("shared") ? Scope.SHARED : Scope.MOUNT;
  }

  @Override
  public Renewal renew(Set<SecretRef> minted, Deadline deadline)
      throws MountFailure, InterruptedException {
    DoubleAnswer answer = exchange.read(StoreMessage.post("/v1/renew", id), deadline, UNCOUNTED);
    Map<String, Duration> lives = new HashMap<>();
    for (DoubleAnswer lease : answer.items()) {
      // The latest of a path is the one that is held.
      lives.put(DoubleRef.minted(lease.text("name")), lease.seconds("ttlSeconds"));
    }
    Map<SecretRef, Duration> values = new HashMap<>();
    for (SecretRef reference : minted) {
      values.put(reference, lives.getOrDefault(reference.lastingName(), Duration.ZERO));
    }
    return new Renewal(new SessionLife(answer.seconds("ttlSeconds"), life.reusable()), values);
  }

  @Override
  public Optional<SecretBytes> state() {
    return Optional.of(id);
  }

  @Override
  public void end(Deadline deadline) throws MountFailure, InterruptedException {
    exchange.read(StoreMessage.post("/v1/revoke", id), deadline, UNCOUNTED);
  }
}
