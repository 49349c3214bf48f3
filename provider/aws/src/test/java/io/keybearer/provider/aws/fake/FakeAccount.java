package io.keybearer.provider.aws.fake;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An account: its regions, and its keys that do not work. */
public final class FakeAccount {

  private final String id;
  private final InstantSource clock;
  private final Map<String, FakeRegion> regions = new ConcurrentHashMap<>();
  private final Set<String> disabledKeys = ConcurrentHashMap.newKeySet();

  FakeAccount(String id, InstantSource clock) {
    this.id = id;
    this.clock = clock;
  }

  /** Twelve digits. */
  public String id() {
    return id;
  }

  /** A region of that name; each exists. */
  public FakeRegion region(String name) {
    return regions.computeIfAbsent(name, absent -> new FakeRegion(this, absent));
  }

  /** Lets a KMS key decrypt nothing any more. */
  public FakeAccount disableKey(String keyArn) {
    disabledKeys.add(keyArn);
    return this;
  }

  /** Lets a KMS key decrypt again. */
  public FakeAccount enableKey(String keyArn) {
    disabledKeys.remove(keyArn);
    return this;
  }

  boolean isDisabled(String keyArn) {
    return disabledKeys.contains(keyArn);
  }

  Instant now() {
    return clock.instant();
  }

  @Override
  public String toString() {
    return id;
  }
}
