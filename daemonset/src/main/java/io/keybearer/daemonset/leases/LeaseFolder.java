package io.keybearer.daemonset.leases;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.reader.KeptMount;
import io.keybearer.provider.reader.MintLedger;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as a folder: one file for each mount, named after a digest of its pod and path. What
 * goes wrong with a file is told once, and no mount fails for it.
 */
public final class LeaseFolder implements MintLedger, AutoCloseable {

  private static final String LOCKS = "locks";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final RecordFiles files;
  private final RecordLocks locks;
  private final SecretKey key;
  private final InstantSource clock;
  private final Consumer<String> troubles;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** Whose files are known: a name says nothing of the mount. */
  private final Map<String, MountId> mounts = new ConcurrentHashMap<>();

  /** What could not be written: this process goes on with it, another one does not know it. */
  private final Map<String, KeptMount> unwritten = new ConcurrentHashMap<>();

  private final Map<String, Held> held = new HashMap<>();

  private LeaseFolder(
      Path folder,
      RecordLocks locks,
      SecretKey key,
      InstantSource clock,
      Consumer<String> troubles) {
    this.files = new RecordFiles(folder);
    this.locks = locks;
    this.key = key;
    this.clock = clock;
    this.troubles = troubles;
  }

  /**
   * The ledger in that folder, which is made if it is missing.
   *
   * @param troubles told what could not be read or written, each once
   * @throws IOException if the folder is not ours alone, or can't be used; nothing is kept then
   */
  public static LeaseFolder open(Path folder, InstantSource clock, Consumer<String> troubles)
      throws IOException {
    OwnFolder.make(folder);
    RecordLocks locks = new RecordLocks(folder.resolve(LOCKS));
    boolean opened = false;
    try {
      SecretKey key = NodeKey.of(folder, locks);
      new RecordFiles(folder).tidy(clock.instant());
      opened = true;
      return new LeaseFolder(folder, locks, key, clock, troubles);
    } finally {
      if (!opened) {
        locks.close();
      }
    }
  }

  @Override
  public SecretKey key() {
    return key;
  }

  private static String name(MountId mount) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      // A UID has no line end, so no two mounts give the same text.
      String text = mount.podUid() + "\n" + mount.targetPath();
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
  }

  @Override
  public Set<MountId> mounts() {
    try {
      files.tidy(clock.instant());
      Set<String> names = files.names();
      mounts.keySet().retainAll(names);
      for (String name : names) {
        if (!mounts.containsKey(name)) {
          load(name).ifPresent(record -> mounts.put(name, record.mount()));
        }
      }
    } catch (IOException e) {
      tell("the folder of leases can't be read", e);
    }
    return mounts.values().stream().collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String stamp(MountId mount) {
    String name = name(mount);
    try {
      String stamp = files.stamp(name);
      KeptMount own = stamp.isEmpty() ? unwritten.get(name) : null;
      return own == null ? stamp : "unwritten " + own.revision();
    } catch (IOException e) {
      tell("the folder of leases can't be read", e);
      return "";
    }
  }

  @Override
  public Optional<KeptMount> read(MountId mount) {
    String name = name(mount);
    return load(name).or(() -> Optional.ofNullable(unwritten.get(name)));
  }

  private Optional<KeptMount> load(String name) {
    try {
      Optional<byte[]> content = files.read(name);
      if (content.isEmpty()) {
        return Optional.empty();
      }
      KeptMount record = LeaseJson.read(content.get());
      if (name(record.mount()).equals(name)) {
        return Optional.of(record);
      }
      setAside(name, "a lease record: it is another mount's");
    } catch (MountFailure unreadable) {
      setAside(name, unreadable.getMessage());
    } catch (IOException e) {
      tell("the record of a mount's leases can't be read", e);
    }
    return Optional.empty();
  }

  private void setAside(String name, String why) {
    tell(why + "; " + name + " is set aside, and its leases run out");
    try {
      files.setAside(name);
    } catch (IOException e) {
      tell("the record of a mount's leases can't be set aside", e);
    }
  }

  private void tell(String what, IOException why) {
    tell(what + " (" + why.getClass().getSimpleName() + ": " + why.getMessage() + ")");
  }

  private void tell(String trouble) {
    if (told.size() < 1_000 && told.add(trouble)) {
      troubles.accept(trouble);
    }
  }

  @Override
  public Hold hold(MountId mount, Deadline deadline) throws MountFailure, InterruptedException {
    String name = name(mount);
    Held holding;
    synchronized (held) {
      holding = held.computeIfAbsent(name, n -> new Held(mount, name));
      holding.holders++;
    }
    boolean holds = false;
    try {
      while (!holding.take()) {
        if (deadline.hasPassed()) {
          throw MountFailure.of(
              Reason.BUSY,
              "another process of Keybearer is busy with this volume's leases",
              "kubelet tries again");
        }
        TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
      }
      holds = true;
      return new OneHold(holding);
    } finally {
      if (!holds) {
        release(holding);
      }
    }
  }

  private void release(Held holding) {
    synchronized (held) {
      holding.holders--;
      if (holding.holders == 0) {
        held.remove(holding.name);
        holding.release();
      }
    }
  }

  /** A record that this process holds, for all of its threads that do. */
  private final class Held {

    private final MountId mount;
    private final String name;
    private @Nullable FileLock lock;
    private KeptMount record;
    private boolean taken;
    private int holders;

    Held(MountId mount, String name) {
      this.mount = mount;
      this.name = name;
      this.record = empty();
    }

    private KeptMount empty() {
      return KeptMount.of(mount, new PodIdentity("", "", mount.podUid(), ""));
    }

    /** Whether this process has it now; what is in it is read by the first who has. */
    synchronized boolean take() {
      if (taken) {
        return true;
      }
      try {
        Optional<FileLock> free = locks.take(name);
        if (free.isEmpty()) {
          return false;
        }
        lock = free.get();
      } catch (IOException e) {
        // Better two mints than none.
        tell("a record of leases can't be locked", e);
      }
      record = read(mount).orElseGet(this::empty);
      taken = true;
      return true;
    }

    synchronized KeptMount record() {
      return record;
    }

    synchronized KeptMount update(UnaryOperator<KeptMount> change) {
      KeptMount changed = change.apply(record);
      if (!changed.equals(record)) {
        // Larger than that of a record that was removed a moment ago, too.
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        record = changed.revision(Math.max(record.revision() + 1, micros));
        write();
      }
      return record;
    }

    private void write() {
      try {
        unwritten.remove(name);
        if (record.sessions().isEmpty()) {
          files.remove(name);
          record = empty();
        } else if (mounts.containsKey(name) || files.names().size() < RecordFiles.MOST_FILES) {
          files.write(name, LeaseJson.write(record));
          mounts.put(name, mount);
        } else {
          tell("there are too many mounts with leases to keep more of them");
          unwritten.put(name, record);
        }
      } catch (IOException e) {
        tell("the record of a mount's leases can't be written", e);
        unwritten.put(name, record);
        removeStale();
      }
    }

    /** None is better than one that is not so any more. */
    private void removeStale() {
      try {
        files.remove(name);
      } catch (IOException e) {
        tell("the record of a mount's leases can't be removed", e);
      }
    }

    synchronized void release() {
      taken = false;
      try {
        FileLock held = lock;
        if (held != null) {
          held.release();
        }
      } catch (IOException e) {
        tell("a record of leases can't be unlocked", e);
      }
    }
  }

  private final class OneHold implements Hold {

    private final Held holding;
    private boolean closed;

    OneHold(Held holding) {
      this.holding = holding;
    }

    @Override
    public KeptMount record() {
      return holding.record();
    }

    @Override
    public KeptMount update(UnaryOperator<KeptMount> change) {
      return holding.update(change);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release(holding);
      }
    }
  }

  /** Gives up all locks; the files stay. */
  @Override
  public void close() throws IOException {
    locks.close();
  }
}
