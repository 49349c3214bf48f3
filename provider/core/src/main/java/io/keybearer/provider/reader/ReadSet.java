package io.keybearer.provider.reader;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretRef;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The references that one request carries. */
final class ReadSet implements StoreCall.Asker<LedgerCalls.Answers>, ByteAllowance {

  private final ReaderState state;
  private final List<SharedRead> reads;
  private final MountReading owner;
  private final StoreCall<LedgerCalls.Answers> call;
  private final ReadResults results;
  private Deadline longest;
  private boolean ended;
  private final Set<MountReading> payers = new HashSet<>();

  /** A request in that session. */
  ReadSet(ReaderState state, SessionId id, OpenSession session, List<SharedRead> reads) {
    this.state = state;
    this.results = new ReadResults(state, session);
    this.reads = List.copyOf(reads);
    this.owner = reads.get(0).owner();
    this.longest = owner.deadline();
    Set<SecretRef> references = new LinkedHashSet<>();
    reads.forEach(read -> references.add(read.reference()));
    this.call =
        new StoreCall<>(
            state,
            id,
            isRepeatable(),
            deadline -> state.keeping().calls().read(id, session, references, deadline, this),
            this);
  }

  private boolean isRepeatable() {
    return reads.stream().allMatch(SharedRead::isRepeatable);
  }

  /** Begins, at the expense of its owner. */
  void start() {
    reads.forEach(read -> read.carriedBy(this));
    owner.requestStarted();
    call.start();
  }

  /** What the last try met, if one has failed. */
  Optional<MountFailure> lastFailure() {
    return call.lastFailure();
  }

  /** Ends it if nobody waits and nothing can be lost: what may be minted is waited for. */
  void leftByAll() {
    if (!ended && isRepeatable() && reads.stream().allMatch(read -> read.waiters().isEmpty())) {
      ended = true;
      call.cancel();
      owner.requestEnded();
    }
  }

  @Override
  public Deadline deadline() {
    for (SharedRead read : reads) {
      longest = read.latest(longest);
    }
    return longest;
  }

  /** Whoever is first among those who wait pays for what arrives; the others when they take it. */
  @Override
  public void add(long bytes) throws MountFailure {
    Optional<MountReading> payer = state.lock().compute(this::payer);
    if (payer.isEmpty()) {
      return;
    }
    try {
      // Outside the lock: making room ends another call.
      payer.get().pay(bytes);
    } catch (MountFailure noRoom) {
      state.lock().change(() -> payer.get().failAll(noRoom));
      if (state.lock().compute(this::payer).isEmpty()) {
        throw noRoom;
      }
    }
  }

  private Optional<MountReading> payer() {
    Optional<MountReading> first =
        reads.stream().flatMap(read -> read.waiters().stream()).findFirst();
    first.ifPresent(payers::add);
    return first;
  }

  /** Whether this mount has paid for what arrived. */
  boolean isPaidBy(MountReading mount) {
    return payers.contains(mount);
  }

  @Override
  public void answered(LedgerCalls.Answers answers, long began) {
    end(
        read -> {
          ReadOutcome outcome = answers.outcomes().get(read.reference());
          if (answers.madeElsewhere().contains(read.reference())) {
            List.copyOf(read.waiters()).forEach(waiter -> waiter.placeAgain(read));
          } else if (outcome instanceof ReadOutcome.Value value) {
            String keptAs = answers.keptAs().getOrDefault(read.reference(), "");
            results.value(read, value.value(), keptAs, began);
          } else if (outcome instanceof ReadOutcome.Apart && reads.size() > 1) {
            results.apart(read);
          } else if (outcome instanceof ReadOutcome.Failed failed) {
            results.failure(read, failed.failure());
          } else {
            results.failure(read, leftOut());
          }
        });
    answers.seen().ifPresent(state.keeping()::apply);
  }

  @Override
  public void failed(MountFailure failure) {
    end(read -> results.failure(read, failure));
  }

  private void end(Consumer<SharedRead> settle) {
    ended = true;
    owner.requestEnded();
    for (SharedRead read : reads) {
      read.home().remove(read);
      settle.accept(read);
    }
    reads.forEach(read -> read.home().pump());
    owner.pump();
  }

  private static MountFailure leftOut() {
    return MountFailure.of(Reason.DEFECT, "the store's answer leaves this object out", "try again");
  }
}
