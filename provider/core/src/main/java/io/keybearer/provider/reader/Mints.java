package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

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
    private final LeasedTime time;
    private boolean refused;

    Mint(String namespace, SecretValue value, OpenSession session, long from) {
      this.namespace = namespace;
      this.value = value;
      this.session = session;
      this.time = new LeasedTime(from, value.mintedFor());
    }

    /** It ends with its session if that is sooner. */
    long ends() {
      return endsWithSession() ? session.ends() : time.ends();
    }

    boolean endsWithSession() {
      return session.ends() - time.ends() < 0;
    }

    /** It is replaced when a tenth of its life is left, and once it may not live longer. */
    boolean isFresh(long now) {
      long tenth = Math.min(time.longest(), session.longest()) / 10;
      return !refused && ends() - tenth - now > 0;
    }

    /** Whether a renewal of it would make it live longer. */
    boolean isRenewable() {
      return time.isRenewable() && (session.isRenewable() || !endsWithSession());
    }

    void renewed(long from, Duration life) {
      refused |= life.isZero();
      time.renewed(from, life);
    }
  }

  private final ReaderState state;
  private final SessionUpkeep upkeep;
  private final MintBounds bounds = new MintBounds();
  private final Map<MountId, Map<EntryKey, Mint>> mints = new HashMap<>();

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
    return Optional.ofNullable(of(key.session().mount()).get(key))
        .filter(mint -> mint.isFresh(state.ticker().nanos()))
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
    Mint mint = new Mint(pod.namespace(), value, session, began);
    mints.computeIfAbsent(mount, m -> new HashMap<>()).put(key, mint);
    bounds.add(mount.podUid(), mint.namespace, value.bytes());
    tellFirst();
    state.records().hold(mount);
    failed(mount);
    renewLater(key.session(), session);
    if (ended.getIfPresent(pod.uid()) != null) {
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
    upkeep.renewLater(id, session, new Held(id, session));
  }

  /** What is held of a session. */
  private final class Held implements SessionUpkeep.Renewed {

    private final SessionId id;
    private final OpenSession session;

    Held(SessionId id, OpenSession session) {
      this.id = id;
      this.session = session;
    }

    private Map<EntryKey, Mint> mints() {
      Map<EntryKey, Mint> inSession = new HashMap<>(of(id.mount()));
      inSession.values().removeIf(mint -> mint.session != session);
      return inSession;
    }

    @Override
    public Optional<Duration> left() {
      LongStream ends =
          mints().values().stream().filter(Mint::isRenewable).mapToLong(mint -> mint.time.ends());
      LongStream ofSession =
          session.isRenewable() ? LongStream.of(session.ends()) : LongStream.empty();
      long now = state.ticker().nanos();
      OptionalLong first = LongStream.concat(ends, ofSession).map(end -> end - now).min();
      return first.isEmpty()
          ? Optional.empty()
          : Optional.of(Duration.ofNanos(Math.max(0, first.getAsLong())));
    }

    @Override
    public Set<SecretRef> references() {
      return mints().entrySet().stream()
          .filter(made -> made.getValue().isRenewable())
          .map(made -> made.getKey().reference())
          .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void renewed(Renewal renewal, Set<SecretRef> asked, long began) {
      mints()
          .forEach(
              (key, mint) -> {
                Duration life = renewal.values().get(key.reference());
                if (life != null) {
                  mint.renewed(began, life);
                } else if (asked.contains(key.reference())) {
                  mint.time.isAtItsMaximum();
                }
              });
    }

    @Override
    public void failed(MountFailure failure) {
      if (failure.reason() == Reason.LOGIN_FAILED) {
        // The store has ended the session, and with it all that was made in it.
        session.end();
        mints().values().forEach(mint -> mint.renewed(state.ticker().nanos(), Duration.ZERO));
      }
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
