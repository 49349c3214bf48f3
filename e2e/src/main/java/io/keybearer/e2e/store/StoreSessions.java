package io.keybearer.e2e.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Who is logged in, and the leases of what was minted. A lease lives no longer than its session.
 * All methods are safe for concurrent use.
 */
public final class StoreSessions {

  /**
   * Somebody who logged in.
   *
   * @param id what the client sends in {@code X-Session}
   * @param role the role that was asked for
   * @param identity who it is
   * @param expiresNanos when it ends, by the store's clock
   */
  public record Session(String id, String role, String identity, long expiresNanos) {}

  /**
   * A minted secret that was not given back.
   *
   * @param id its name: {@code l-7}
   * @param session the id of the session that it belongs to
   * @param identity who minted it
   * @param path what it was minted at
   * @param expiresNanos when it ends by itself, by the store's clock
   */
  public record Lease(String id, String session, String identity, String path, long expiresNanos) {}

  private record Refusal(String role, String identity) {}

  private final LongSupplier clock;

  /** So that no other store takes this one's sessions. */
  private final String name = UUID.randomUUID().toString();

  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final Map<String, Lease> leases = new LinkedHashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Set<String> revokedTokens = new HashSet<>();
  private final Set<Refusal> refusals = new HashSet<>();
  private Duration sessionTtl = Duration.ofHours(1);
  private Duration leaseTtl = Duration.ofMinutes(1);
  private boolean reusable = true;
  private boolean renewable = true;
  private long minted;

  StoreSessions(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * How long sessions live that are opened or renewed from now on, in whole seconds; at first 1 h.
   */
  public synchronized void sessionTtl(Duration ttl) {
    sessionTtl = ttl;
  }

  /** How long leases live that are minted from now on, in whole seconds; at first 60 s. */
  public synchronized void leaseTtl(Duration ttl) {
    leaseTtl = ttl;
  }

  /** Whether logins call their session reusable, as at first. */
  public synchronized void reusable(boolean isReusable) {
    reusable = isReusable;
  }

  /** Whether a renewal gives more time, as at first, or 0 s and leaves the session as it is. */
  public synchronized void renewable(boolean isRenewable) {
    renewable = isRenewable;
  }

  /** Takes no more logins with that token; its sessions live on. */
  public synchronized void revokeToken(String token) {
    revokedTokens.add(token);
  }

  /** Takes logins with a revoked token again. */
  public synchronized void restoreToken(String token) {
    revokedTokens.remove(token);
  }

  /** Lets a role refuse that identity. */
  public synchronized void refuse(String role, String identity) {
    refusals.add(new Refusal(role, identity));
  }

  /** Takes a refusal back. */
  public synchronized void admit(String role, String identity) {
    refusals.remove(new Refusal(role, identity));
  }

  /** Ends all sessions and their leases. */
  public synchronized void revokeAll() {
    sessions.clear();
    leases.clear();
  }

  /** The sessions that are neither revoked nor expired, oldest first. */
  public synchronized List<Session> sessions() {
    forgetExpired();
    return List.copyOf(sessions.values());
  }

  /** The leases that are neither revoked nor expired, oldest first. */
  public synchronized List<Lease> leases() {
    forgetExpired();
    return List.copyOf(leases.values());
  }

  synchronized boolean isRevoked(String token) {
    return revokedTokens.contains(token);
  }

  synchronized boolean refuses(String role, String identity) {
    return refusals.contains(new Refusal(role, identity));
  }

  synchronized Session open(String role, String identity) {
    String id = "s-" + owners.size() + "-" + name;
    Session session = new Session(id, role, identity, after(sessionTtl));
    sessions.put(id, session);
    owners.put(id, identity);
    return session;
  }

  /** A session that lives. */
  synchronized Optional<Session> session(String id) {
    return Optional.ofNullable(sessions.get(id)).filter(session -> isAhead(session.expiresNanos()));
  }

  /** Whose session it is or was; empty for one that never was. */
  synchronized String owner(String id) {
    return owners.getOrDefault(id, "");
  }

  synchronized Lease mint(Session session, String path) {
    minted++;
    String id = "l-" + minted;
    Lease lease = new Lease(id, session.id(), session.identity(), path, after(leaseTtl));
    leases.put(id, lease);
    return lease;
  }

  /** The seconds that the session has from now on; its leases begin their time anew. */
  synchronized long renew(Session session) {
    if (!renewable) {
      return 0;
    }
    Session renewed =
        new Session(session.id(), session.role(), session.identity(), after(sessionTtl));
    if (!sessions.replace(session.id(), session, renewed)) {
      // Somebody revoked it meanwhile.
      return 0;
    }
    leases.replaceAll((id, lease) -> lease.session().equals(session.id()) ? renewed(lease) : lease);
    return sessionTtl.toSeconds();
  }

  private Lease renewed(Lease lease) {
    return isAhead(lease.expiresNanos())
        ? new Lease(lease.id(), lease.session(), lease.identity(), lease.path(), after(leaseTtl))
        : lease;
  }

  synchronized void revoke(Session session) {
    sessions.remove(session.id());
    leases.values().removeIf(lease -> lease.session().equals(session.id()));
  }

  synchronized long sessionSeconds() {
    return sessionTtl.toSeconds();
  }

  synchronized long leaseSeconds() {
    return leaseTtl.toSeconds();
  }

  /** The whole seconds that a lease has left. */
  long seconds(Lease lease) {
    return Duration.ofNanos(lease.expiresNanos() - clock.getAsLong()).toSeconds();
  }

  synchronized boolean isReusable() {
    return reusable;
  }

  private void forgetExpired() {
    sessions.values().removeIf(session -> !isAhead(session.expiresNanos()));
    Predicate<Lease> lives =
        lease -> isAhead(lease.expiresNanos()) && sessions.containsKey(lease.session());
    leases.values().removeIf(lives.negate());
  }

  private long after(Duration ttl) {
    return clock.getAsLong() + Duration.ofSeconds(ttl.toSeconds()).toNanos();
  }

  private boolean isAhead(long nanos) {
    return nanos - clock.getAsLong() > 0;
  }
}
