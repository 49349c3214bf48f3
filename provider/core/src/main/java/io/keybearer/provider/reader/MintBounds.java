package io.keybearer.provider.reader;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Bounds how much of what stores have made is held: it can't be pushed out of memory. */
final class MintBounds {

  private static final int MOST_OF_POD = 256;
  private static final int MOST = 8_192;
  private static final long MOST_BYTES = 8 * 1024 * 1024;

  private record Held(int count, long bytes) {

    static final Held NOTHING = new Held(0, 0);

    Held plus(int more, long moreBytes) {
      return new Held(count + more, bytes + moreBytes);
    }

    boolean isWithin(int most, long mostBytes) {
      return count <= most && bytes <= mostBytes;
    }
  }

  private final Map<String, Held> ofPods = new HashMap<>();
  private final Map<String, Held> ofNamespaces = new HashMap<>();
  private Held ofNode = Held.NOTHING;

  /** Why one more of so many bytes would be too much, if so. */
  Optional<MountFailure> refusal(String podUid, String namespace, long bytes) {
    if (!of(ofPods, podUid).plus(1, bytes).isWithin(MOST_OF_POD, MOST_BYTES)) {
      return Optional.of(full("this pod", MOST_OF_POD, MOST_BYTES));
    }
    if (!of(ofNamespaces, namespace).plus(1, bytes).isWithin(MOST / 2, MOST_BYTES / 2)) {
      return Optional.of(full("this namespace", MOST / 2, MOST_BYTES / 2));
    }
    return ofNode.plus(1, bytes).isWithin(MOST, MOST_BYTES)
        ? Optional.empty()
        : Optional.of(full("this node", MOST, MOST_BYTES));
  }

  void add(String podUid, String namespace, long bytes) {
    change(podUid, namespace, 1, bytes);
  }

  void remove(String podUid, String namespace, long bytes) {
    change(podUid, namespace, -1, -bytes);
  }

  private void change(String podUid, String namespace, int count, long bytes) {
    change(ofPods, podUid, count, bytes);
    change(ofNamespaces, namespace, count, bytes);
    ofNode = ofNode.plus(count, bytes);
  }

  private static void change(Map<String, Held> all, String name, int count, long bytes) {
    Held now = of(all, name).plus(count, bytes);
    if (now.count() == 0) {
      all.remove(name);
    } else {
      all.put(name, now);
    }
  }

  private static Held of(Map<String, Held> all, String name) {
    return all.getOrDefault(name, Held.NOTHING);
  }

  private static MountFailure full(String whose, int most, long mostBytes) {
    return MountFailure.of(
        Reason.PRECONDITION,
        "stores have made too many values for "
            + whose
            + ", which may hold "
            + most
            + " of together "
            + mostBytes
            + " bytes",
        "end pods that need none, or use stored values");
  }
}
