package io.keybearer.e2e.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the store holds, and who may not see it. All methods are safe for concurrent use. */
public final class StoreSecrets {

  /** Asks for the version that was put last. */
  static final int NEWEST = 0;

  private static final int VERSIONS = 10;
  private static final int BATCH = 100;

  private final Map<String, History> secrets = new HashMap<>();
  private final Set<Denial> denials = new HashSet<>();
  private final Map<String, Boolean> proofs = new HashMap<>();
  private int batchLimit = BATCH;

  /** A version of a secret, its value in Base64. */
  record Version(int number, String value) {}

  private record Denial(String identity, String path) {}

  StoreSecrets() {}

  /**
   * Puts a new version, which is one more than the last, also where the last was removed; the ten
   * newest can be read.
   *
   * @return its number, from 1
   */
  public synchronized int put(String path, byte[] value) {
    return secrets
        .computeIfAbsent(path, key -> new History())
        .add(Base64.getEncoder().encodeToString(value));
  }

  /** The same, of a text in UTF-8. */
  public int put(String path, String value) {
    return put(path, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Removes all versions; what is not there is no fault. */
  public synchronized void remove(String path) {
    Optional.ofNullable(secrets.get(path)).ifPresent(history -> history.versions.clear());
  }

  /** Refuses that path, or that mount's proof, to that identity. */
  public synchronized void deny(String identity, String path) {
    denials.add(new Denial(identity, path));
  }

  /** Takes a denial back. */
  public synchronized void allow(String identity, String path) {
    denials.remove(new Denial(identity, path));
  }

  /** What the proof of a mount says, to all who are not denied it. */
  public synchronized void proof(String mount, boolean shared) {
    proofs.put(mount, shared);
  }

  /** Gives no more proof of a mount, as it is for every mount at first. */
  public synchronized void refuseProof(String mount) {
    proofs.remove(mount);
  }

  /** How many names a batch may have; 100 at first. */
  public synchronized void batchLimit(int names) {
    batchLimit = names;
  }

  synchronized int batchLimit() {
    return batchLimit;
  }

  synchronized boolean denies(String identity, String path) {
    return denials.contains(new Denial(identity, path));
  }

  synchronized Optional<Boolean> proof(String mount) {
    return Optional.ofNullable(proofs.get(mount));
  }

  /** A version by its number, or the {@link #NEWEST}. */
  synchronized Optional<Version> read(String path, int number) {
    return Optional.ofNullable(secrets.get(path)).flatMap(history -> history.find(number));
  }

  private static final class History {
    private final Deque<Version> versions = new ArrayDeque<>();
    private int last;

    int add(String value) {
      last++;
      if (versions.size() == VERSIONS) {
        versions.removeFirst();
      }
      versions.addLast(new Version(last, value));
      return last;
    }

    Optional<Version> find(int number) {
      return number == NEWEST
          ? Optional.ofNullable(versions.peekLast())
          : versions.stream().filter(version -> version.number() == number).findFirst();
    }
  }
}
