package io.keybearer.provider.reader;

import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The record of one mount in a {@link MintLedger}: what another process needs to go on.
 *
 * @param mount which volume
 * @param pod whose
 * @param revision grows with each change
 * @param visits how often it was asked for
 * @param sessions those that serve it alone
 * @param values what was minted in them
 */
public record KeptMount(
    MountId mount,
    PodIdentity pod,
    long revision,
    Visits visits,
    List<KeptSession> sessions,
    List<KeptValue> values) {

  /**
   * How long something lives at the store, by the wall clock.
   *
   * @param granted when it was made or renewed last
   * @param ends when it ends unless it is renewed
   * @param longest the longest that it was ever given at once
   * @param renewable whether a renewal may make it live longer
   */
  public record Life(Instant granted, Instant ends, Duration longest, boolean renewable) {}

  /**
   * A session.
   *
   * @param id names it in this record
   * @param key what the plan says of it
   * @param serviceAccountUid the UID of the service account, empty where no token tells it
   * @param secrets a digest of the volume's Secret under the ledger's key, empty without one
   * @param reusable whether it serves more than the request that it was opened for
   * @param state what the store's backend goes on with
   */
  public record KeptSession(
      String id,
      SessionKey key,
      String serviceAccountUid,
      String secrets,
      boolean reusable,
      SecretBytes state,
      Life life) {

    KeptSession lives(Life other) {
      return new KeptSession(id, key, serviceAccountUid, secrets, reusable, state, other);
    }

    KeptSession with(SecretBytes other) {
      return new KeptSession(id, key, serviceAccountUid, secrets, reusable, other, life);
    }
  }

  /**
   * A value that was minted.
   *
   * @param id names it in this record
   * @param session the id of the session that it was made in
   * @param name the lasting name of its reference
   * @param refused whether the store would not renew it, so that it is to be replaced
   */
  public record KeptValue(
      String id, String session, String name, SecretValue value, Life life, boolean refused) {

    KeptValue lives(Life other, boolean isRefused) {
      return new KeptValue(id, session, name, value, other, isRefused);
    }
  }

  /**
   * How often a mount was asked for.
   *
   * @param answered whether it ever got its files
   * @param republishes how often after that
   * @param longestPause the longest time between two calls
   */
  public record Visits(boolean answered, int republishes, Duration longestPause) {

    /** Those of a mount that is asked for the first time. */
    public static final Visits NONE = new Visits(false, 0, Duration.ZERO);
  }

  /** Copies the lists. */
  public KeptMount {
    sessions = List.copyOf(sessions);
    values = List.copyOf(values);
  }

  /** A record of nothing. */
  public static KeptMount of(MountId mount, PodIdentity pod) {
    return new KeptMount(mount, pod, 0, Visits.NONE, List.of(), List.of());
  }

  /** Its session of that id. */
  public Optional<KeptSession> session(String id) {
    return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
  }

  /** Its value of that id. */
  public Optional<KeptValue> value(String id) {
    return values.stream().filter(value -> value.id().equals(id)).findFirst();
  }

  /** This record, with another number. */
  public KeptMount revision(long other) {
    return new KeptMount(mount, pod, other, visits, sessions, values);
  }

  KeptMount of(PodIdentity other) {
    return new KeptMount(mount, other, revision, visits, sessions, values);
  }

  KeptMount visited(Visits other) {
    return new KeptMount(mount, pod, revision, other, sessions, values);
  }

  KeptMount with(KeptSession session) {
    return new KeptMount(mount, pod, revision, visits, plus(sessions, session), values);
  }

  KeptMount with(KeptValue value) {
    return new KeptMount(mount, pod, revision, visits, sessions, plus(values, value));
  }

  KeptMount sessions(UnaryOperator<KeptSession> change) {
    List<KeptSession> changed = sessions.stream().map(change).toList();
    return new KeptMount(mount, pod, revision, visits, changed, values);
  }

  KeptMount values(UnaryOperator<KeptValue> change) {
    List<KeptValue> changed = values.stream().map(change).toList();
    return new KeptMount(mount, pod, revision, visits, sessions, changed);
  }

  KeptMount withoutValues(Predicate<KeptValue> gone) {
    List<KeptValue> left = values.stream().filter(gone.negate()).toList();
    return new KeptMount(mount, pod, revision, visits, sessions, left);
  }

  /** Without a session, and without what was made in it. */
  KeptMount withoutSession(String id) {
    List<KeptSession> left = sessions.stream().filter(each -> !each.id().equals(id)).toList();
    return new KeptMount(mount, pod, revision, visits, left, values)
        .withoutValues(value -> value.session().equals(id));
  }

  private static <T> List<T> plus(List<T> list, T more) {
    return Stream.concat(list.stream(), Stream.of(more)).toList();
  }
}
