package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A ledger of a node whose processes all live in one test. Nobody can wait in it: who would have to
 * is told that it is busy.
 */
public final class MemoryLedger {

  private record Holder(Object process, int holds) {}

  private final Map<MountId, KeptMount> records = new HashMap<>();
  private final Map<MountId, Holder> holders = new HashMap<>();
  private final SecretKey key = new SecretKeySpec(new byte[32], "HmacSHA256");
  private final Set<Object> gone = new HashSet<>();
  private long revisions;
  private int busy;

  /** The same ledger, for one more process. */
  public MintLedger ofProcess() {
    return new OfProcess();
  }

  /** What is kept, by whose it is. */
  public Map<MountId, KeptMount> records() {
    return Map.copyOf(records);
  }

  /** How often somebody would have had to wait. */
  public int busy() {
    return busy;
  }

  /** A process is killed: what it held is free, and it writes nothing any more. */
  public void killed(MintLedger process) {
    gone.add(process);
    holders.values().removeIf(holder -> holder.process() == process);
  }

  private final class OfProcess implements MintLedger {

    @Override
    public SecretKey key() {
      return key;
    }

    @Override
    public Set<MountId> mounts() {
      return Set.copyOf(records.keySet());
    }

    @Override
    public String stamp(MountId mount) {
      return read(mount).map(record -> Long.toString(record.revision())).orElse("");
    }

    @Override
    public Optional<KeptMount> read(MountId mount) {
      return Optional.ofNullable(records.get(mount));
    }

    @Override
    public Hold hold(MountId mount, Deadline deadline) throws MountFailure, InterruptedException {
      if (gone.contains(this)) {
        throw new InterruptedException("the process is gone");
      }
      Holder holder = holders.getOrDefault(mount, new Holder(this, 0));
      if (holder.process() != this) {
        busy++;
        throw MountFailure.of(Reason.BUSY, "another process holds the record", "try again");
      }
      holders.put(mount, new Holder(this, holder.holds() + 1));
      return new OneHold(this, mount);
    }
  }

  private final class OneHold implements MintLedger.Hold {

    private final OfProcess process;
    private final MountId mount;

    OneHold(OfProcess process, MountId mount) {
      this.process = process;
      this.mount = mount;
    }

    @Override
    public KeptMount record() {
      return records.getOrDefault(
          mount, KeptMount.of(mount, new PodIdentity("", "", mount.podUid(), "")));
    }

    @Override
    public KeptMount update(UnaryOperator<KeptMount> change) {
      KeptMount before = record();
      if (gone.contains(process)) {
        return before;
      }
      KeptMount changed = change.apply(before);
      if (changed.sessions().isEmpty()) {
        records.remove(mount);
      } else if (!changed.equals(before)) {
        records.put(mount, changed.revision(++revisions));
      }
      return record();
    }

    @Override
    public void close() {
      Holder holder = holders.getOrDefault(mount, new Holder(process, 1));
      if (holder.process() != process) {
        return;
      }
      if (holder.holds() == 1) {
        holders.remove(mount);
      } else {
        holders.put(mount, new Holder(process, holder.holds() - 1));
      }
    }
  }
}
