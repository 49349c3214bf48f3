package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What stores have made for single mounts. It serves its mount alone until it has to be replaced,
 * is never pushed out of memory, and is given back when the mount is over. Under the lock.
 */
final class Mints {

  private static final Duration KEEP_ENDED = Duration.ofMinutes(10);
  private static final int MOST_ENDED = 10_000;

  private final ReaderState state;
  private final SessionUpkeep upkeep;
  private final MintBounds bounds = new MintBounds();
  private final Map<MountId, Map<EntryKey, Mint>> mints = new HashMap<>();
  private long count;

  /** The pods that have ended of late: what is being made for them has nobody to hold it. */
  private final Cache<String, Boolean> ended;

  private Optional<Runnable> whenFirst = Optional.empty();
  private boolean hasMade;

  Mints(ReaderState state, SessionUpkeep upkeep) {
    this.state = state;
    this.upkeep = upkeep;
    this.ended = ReaderCaches.of(MOST_ENDED, state.ticker()).expireAfterWrite(KEEP_ENDED).build();
  }

  /** What was made for that, if it need not be replaced yet. */
  Optional<SecretValue> find(EntryKey key) {
    return findMint(key).filter(mint -> mint.isFresh(state.ticker().nanos())).map(Mint::value);
  }

  /** What was made for that by another process is known by the name of its reference at first. */
  private Optional<Mint> findMint(EntryKey key) {
    Map<EntryKey, Mint> ofMount = of(key.session().mount());
    Mint known = ofMount.get(key);
    if (known != null || ofMount.isEmpty()) {
      return Optional.ofNullable(known);
    }
    Mint adopted =
        ofMount.remove(
            new EntryKey(key.session(), new AdoptedReference(key.reference().lastingName())));
    if (adopted != null) {
      ofMount.put(key, adopted);
    }
    return Optional.ofNullable(adopted);
  }

  private Map<EntryKey, Mint> of(MountId mount) {
    return mints.getOrDefault(mount, Map.of());
  }

  /** What is held for a mount, by what it was made for. */
  Map<EntryKey, Mint> held(MountId mount) {
    return Map.copyOf(of(mount));
  }

  /** What is held of all mounts. */
  void forEach(BiConsumer<EntryKey, Mint> look) {
    List.copyOf(mints.values()).forEach(ofMount -> Map.copyOf(ofMount).forEach(look));
  }

  /** The mounts that hold anything. */
  Set<MountId> mounts() {
    return Set.copyOf(mints.keySet());
  }

  /** How many values are held. */
  long count() {
    return count;
  }

  /** Whether nothing is held for that mount. */
  boolean isEmptyOf(MountId mount) {
    return !mints.containsKey(mount);
  }

  /** Whether that pod has ended of late. */
  boolean hasEnded(String podUid) {
    return ended.getIfPresent(podUid) != null;
  }

  /** Why that may not be asked for, if so: there would be no room to keep it. */
  Optional<MountFailure> noRoomFor(EntryKey key, PodIdentity pod) {
    return of(key.session().mount()).containsKey(key)
        ? Optional.empty()
        : bounds.refusal(pod.uid(), pod.namespace(), 0);
  }

  /**
   * Keeps what was made in that session for a mount of that pod, in place of what was before it.
   *
   * @param keptAs its id in the ledger, empty where it is in none
   * @param began when it was asked for: it lives from then
   * @return why it can't be kept, if so
   */
  Optional<MountFailure> keep(
      EntryKey key,
      PodIdentity pod,
      SecretValue value,
      OpenSession session,
      String keptAs,
      long began) {
    MountId mount = key.session().mount();
    session.countMints(1);
    removeEarlier(key);
    Optional<MountFailure> noRoom = bounds.refusal(pod.uid(), pod.namespace(), value.bytes());
    if (noRoom.isPresent()) {
      state.keeping().forget(mount, keptAs);
      session.countMints(-1);
      letGo(key.session(), session);
      return noRoom;
    }
    put(key, new Mint(pod, value, session, new LeasedTime(began, value.mintedFor()), keptAs));
    failed(mount);
    state.renewals().later(key.session(), session);
    state.tidyLater();
    if (hasEnded(pod.uid())) {
      end(mount);
    }
    return Optional.empty();
  }

  /** Does that, once something is held for a mount, or was before. */
  void whenFirst(Runnable work) {
    whenFirst = Optional.of(work);
    if (hasMade) {
      tellFirst();
    }
  }

  private void tellFirst() {
    hasMade = true;
    whenFirst.ifPresent(state.lock()::afterwards);
    whenFirst = Optional.empty();
  }

  /** Takes over what another process had made. */
  void adopt(EntryKey key, Mint mint) {
    mint.session().countMints(1);
    removeEarlier(key);
    put(key, mint);
    state.renewals().later(key.session(), mint.session());
    state.tidyLater();
  }

  private void put(EntryKey key, Mint mint) {
    MountId mount = key.session().mount();
    mints.computeIfAbsent(mount, m -> new HashMap<>()).put(key, mint);
    count++;
    tellFirst();
    bounds.add(mount.podUid(), mint.pod().namespace(), mint.value().bytes());
    state.records().hold(mount);
  }

  /** What was made for the same before, perhaps with another Secret of the volume. */
  private void removeEarlier(EntryKey key) {
    held(key.session().mount())
        .forEach(
            (earlier, mint) -> {
              if (earlier.session().key().equals(key.session().key())
                  && AdoptedReference.isSame(earlier.reference(), key.reference())) {
                state.telling().count(MintCounts::oneReplaced);
                remove(earlier, mint);
              }
            });
  }

  private void remove(EntryKey key, Mint mint) {
    state.keeping().forget(key.session().mount(), mint.keptAs());
    drop(key, mint);
    letGo(key.session(), mint.session());
  }

  /** Holds it no longer. */
  private void drop(EntryKey key, Mint mint) {
    MountId mount = key.session().mount();
    Map<EntryKey, Mint> left = mints.getOrDefault(mount, new HashMap<>());
    if (!left.remove(key, mint)) {
      return;
    }
    count--;
    if (left.isEmpty()) {
      mints.remove(mount);
      state.records().release(mount);
      state.renewals().forget(mount);
    }
    bounds.remove(mount.podUid(), mint.pod().namespace(), mint.value().bytes());
    mint.session().countMints(-1);
  }

  /** Not at once: the pod may use what it has until it got the new. */
  private void letGo(SessionId id, OpenSession session) {
    if (!session.holdsMints()) {
      session.supersede();
      upkeep.giveBackLater(id, session);
    }
  }

  /** Told that another process holds these no longer: it has replaced them or given them back. */
  void takenAway(EntryKey key, Mint mint) {
    drop(key, mint);
  }

  /** Holds what has ended by itself no longer. */
  void lapsed(EntryKey key, Mint mint) {
    state.telling().count(MintCounts::oneEnded);
    remove(key, mint);
  }

  /** Told that a mount was answered with files of that plan: what it does not name is over. */
  void answered(MountId mount, MountPlan plan) {
    held(mount)
        .forEach(
            (key, mint) -> {
              if (!plan.names(key.session().key(), key.reference())) {
                remove(key, mint);
              }
            });
  }

  /** Told that a mount has failed, or failed before this was made for it: it may be tried again. */
  void failed(MountId mount) {
    if (!of(mount).isEmpty()) {
      state
          .alarms()
          .in(MountRecord.KEEP_FOR_RETRY, () -> state.lock().change(() -> endIfGivenUp(mount)));
    }
  }

  private void endIfGivenUp(MountId mount) {
    if (state.records().withoutCall(mount).isGivenUp()) {
      end(mount);
    }
  }

  /** Gives back all that was made for a mount: it is over. */
  void end(MountId mount) {
    held(mount)
        .forEach(
            (key, mint) -> {
              drop(key, mint);
              upkeep.giveBack(key.session(), mint.session());
            });
  }

  /** Told that a pod runs: what is made for it from now on is held. */
  void podSeen(String podUid) {
    ended.invalidate(podUid);
  }

  /** Gives back all that was made for a pod, and what may still come for it. */
  void podEnded(String podUid) {
    ended.put(podUid, true);
    mints.keySet().stream()
        .filter(mount -> mount.podUid().equals(podUid))
        .toList()
        .forEach(this::end);
  }
}
