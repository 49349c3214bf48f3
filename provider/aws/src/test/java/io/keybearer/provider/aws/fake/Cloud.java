package io.keybearer.provider.aws.fake;

import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All that there is: accounts, roles, the credentials of these, and issuers of tokens. */
final class Cloud {

  private final InstantSource clock;
  private final Sessions sessions;
  private final Map<String, FakeAccount> accounts = new ConcurrentHashMap<>();
  private final Map<String, FakeRole> roles = new ConcurrentHashMap<>();
  private final Map<String, PublicKey> issuers = new ConcurrentHashMap<>();
  private volatile int batchBytes = 1024 * 1024;

  Cloud(InstantSource clock) {
    this.clock = clock;
    this.sessions = new Sessions(clock);
  }

  InstantSource clock() {
    return clock;
  }

  Sessions sessions() {
    return sessions;
  }

  FakeAccount account(String id) {
    return accounts.computeIfAbsent(id, absent -> new FakeAccount(absent, clock));
  }

  FakeRole role(String arn) {
    return roles.computeIfAbsent(arn, absent -> new FakeRole(absent, sessions));
  }

  Optional<FakeRole> findRole(String arn) {
    return Optional.ofNullable(roles.get(arn));
  }

  void trust(String issuer, PublicKey key) {
    issuers.put(issuer, key);
  }

  Optional<PublicKey> keyOf(String issuer) {
    return Optional.ofNullable(issuers.get(issuer));
  }

  /** How many bytes of values a batch answers before it goes on with the next page. */
  int batchBytes() {
    return batchBytes;
  }

  void batchBytes(int bytes) {
    batchBytes = bytes;
  }

  /**
   * Where something with that id is: in the caller's account, or in the one that an ARN tells.
   *
   * @param arnOrName an ARN or a bare name
   */
  FakeRegion owner(String arnOrName, FakeSession caller, String region) {
    String[] parts = arnOrName.split(":", -1);
    boolean isArn = parts.length >= 6 && parts[0].equals("arn");
    return account(isArn ? parts[4] : caller.account()).region(region);
  }
}
