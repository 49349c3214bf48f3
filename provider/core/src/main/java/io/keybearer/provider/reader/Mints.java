package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stores have made for single mounts. It serves its mount alone until it has to be replaced,
 * is never pushed out of memory, and is given back when the mount is over. Under the lock.
 */
final class Mints {

  private static final Duration KEEP_ENDED = Duration.ofMinutes(10);
  private static final int MOST_ENDED = 10_000;

  /** One value that was made. */
  private static final class Mint {
    private final String namespace;
    private final SecretValue value;
    private final OpenSession session;
    private long freshUntil;
    private long ends;

    Mint(String namespace, SecretValue value, OpenSession session) {
      this.namespace = namespace;
      this.value = value;
      this.session = session;
    }

    /** It is replaced when a tenth of its life is left, and with its session. */
    void live(long from, Duration life) {
      long time = Math.min(life.toNanos(), session.ends() - from);
      freshUntil = from + time / 10 * 9;
      ends = from + time;
    }
  }

  private final ReaderState state;
  private final SessionUpkeep upkeep;
  private final MintBounds bounds = new MintBounds();
  private final Map<MountId, Map<EntryKey, Mint>> mints = new HashMap<>();

  /** The pods that have ended of late: what is being made for them has nobody to hold it. */
  private final Cache<String, Boolean> ended;

  Mints(ReaderState state, SessionUpkeep upkeep) {
    this.state = state;
    this.upkeep = upkeep;
    this.ended = ReaderCaches.of(MOST_ENDED, state.ticker()).expireAfterWrite(KEEP_ENDED).build();
  }

  /** What was made for that, if it need not be replaced yet. */
  Optional<SecretValue> find(EntryKey key) {
    return Optional.ofNullable(of(key.session().mount()).get(key))
        .filter(mint -> mint.freshUntil - state.ticker().nanos() > 0)
        .map(mint -> mint.value);
  }

  private Map<EntryKey, Mint> of(MountId mount) {
    return mints.getOrDefault(mount, Map.of());
  }

  /** Whether nothing is held for that mount. */
  boolean isEmptyOf(MountId mount) {
    return !mints.containsKey(mount);
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
   * @param began when it was asked for: it lives from then
   * @return why it can't be kept, if so
   */
  Optional<MountFailure> keep(
      EntryKey key, PodIdentity pod, SecretValue value, OpenSession session, long began) {
    MountId mount = key.session().mount();
    session.countMints(1);
    removeEarlier(key);
    Optional<MountFailure> noRoom = bounds.refusal(pod.uid(), pod.namespace(), value.bytes());
    if (noRoom.isPresent()) {
      letGo(key.session(), session);
      return noRoom;
    }
    Mint mint = new Mint(pod.namespace(), value, session);
    mint.live(began, value.mintedFor());
    mints.computeIfAbsent(mount, m -> new HashMap<>()).put(key, mint);
    bounds.add(mount.podUid(), mint.namespace, value.bytes());
    state.records().hold(mount);
    failed(mount);
    renewLater(key.session(), session);
    if (ended.getIfPresent(pod.uid()) != null) {
      end(mount);
    }
    return Optional.empty();
  }

  /** What was made for the same before, perhaps with another Secret of the volume. */
  private void removeEarlier(EntryKey key) {
    for (Map.Entry<EntryKey, Mint> made : List.copyOf(of(key.session().mount()).entrySet())) {
      EntryKey earlier = made.getKey();
      if (earlier.reference().equals(key.reference())
          && earlier.session().key().equals(key.session().key())) {
        remove(earlier, made.getValue());
      }
    }
  }

  private void remove(EntryKey key, Mint mint) {
    MountId mount = key.session().mount();
    Map<EntryKey, Mint> left = mints.getOrDefault(mount, new HashMap<>());
    left.remove(key);
    if (left.isEmpty()) {
      mints.remove(mount);
      state.records().release(mount);
    }
    bounds.remove(mount.podUid(), mint.namespace, mint.value.bytes());
    letGo(key.session(), mint.session);
  }

  /** Not at once: the pod may use what it has until it got the new. */
  private void letGo(SessionId id, OpenSession session) {
    session.countMints(-1);
    if (!session.holdsMints()) {
      session.supersede();
      upkeep.giveBackLater(id, session);
    }
  }

  private void renewLater(SessionId id, OpenSession session) {
    upkeep.renewLater(id, session, () -> left(id, session), life -> renewed(id, session, life));
  }

  /** How long the session, and what was made in it, lives from now. */
  private Duration left(SessionId id, OpenSession session) {
    long now = state.ticker().nanos();
    long left = session.ends() - now;
    for (Mint mint : of(id.mount()).values()) {
      if (mint.session == session) {
        left = Math.min(left, mint.ends - now);
      }
    }
    return Duration.ofNanos(Math.max(0, left));
  }

  private void renewed(SessionId id, OpenSession session, SessionLife life) {
    long now = state.ticker().nanos();
    for (Mint mint : of(id.mount()).values()) {
      if (mint.session == session) {
        Duration own = mint.value.mintedFor();
        mint.live(now, own.compareTo(life.time()) < 0 ? own : life.time());
      }
    }
    if (!life.time().isZero()) {
      renewLater(id, session);
    }
  }

  /** Told that a mount was answered with files of that plan: what it does not name is over. */
  void answered(MountId mount, MountPlan plan) {
    for (Map.Entry<EntryKey, Mint> made : List.copyOf(of(mount).entrySet())) {
      EntryKey key = made.getKey();
      if (!plan.names(key.session().key(), key.reference())) {
        remove(key, made.getValue());
      }
    }
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
    if (state.records().of(mount).isGivenUp()) {
      end(mount);
    }
  }

  /** Gives back all that was made for a mount: it is over. */
  void end(MountId mount) {
    for (Map.Entry<EntryKey, Mint> made : List.copyOf(of(mount).entrySet())) {
      remove(made.getKey(), made.getValue());
      upkeep.giveBack(made.getKey().session(), made.getValue().session);
    }
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
