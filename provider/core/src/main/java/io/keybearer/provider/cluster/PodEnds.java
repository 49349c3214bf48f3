package io.keybearer.provider.cluster;

import io.keybearer.provider.MountFailure;

/**
 * Notices when pods of this node have ended, by the objects in which the driver records what they
 * mount. A pod that has succeeded or failed keeps those until it is deleted, and is not told before
 * that; a pod that nobody can tell of is not told at all.
 */
@FunctionalInterface
public interface PodEnds {

  /** Who wants to know. It is called once at a time, by any thread, and must not hold that up. */
  interface Listener {

    /** A pod with a volume of the driver runs on this node, or did until a moment ago. */
    void podSeen(String podUid);

    /**
     * A pod that was seen has ended. Its objects were looked for twice, two minutes apart, and were
     * gone.
     */
    void podEnded(String podUid);

    /**
     * Ends are told from now on, and every pod that there is was seen. It comes once at the begin,
     * and once after each time that nothing could be told.
     */
    void canTell();

    /** No end will be told until looking works again. It comes once for each such time. */
    void cannotTell(MountFailure why);
  }

  /** An end to listening. */
  @FunctionalInterface
  interface Listening extends AutoCloseable {

    /** Ends it; nothing more is told once this returns, unless it is called by the listener. */
    @Override
    void close();
  }

  /** Tells all ends from now on. A pod that ended before its objects were seen is never told. */
  Listening listen(Listener listener);
}
