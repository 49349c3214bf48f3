package io.keybearer.provider;

import java.time.Duration;

/**
 * What kept a store from answering a request, for whoever decides what is tried again.
 *
 * @param kind what happened
 * @param retryAfter how long the store wants to be left alone; zero if it does not say
 */
public record Fault(Kind kind, Duration retryAfter) {

  /** How often a request may be tried. */
  public enum Tries {
    /** Once: another try would end alike. */
    ONE,
    /** A few times, soon. */
    FEW,
    /** As long as somebody waits. */
    WHILE_AWAITED
  }

  /** What happened, and what follows from it. */
  public enum Kind {
    /** Nothing of the kind: the store answered, or was not asked. */
    NONE(Tries.ONE, false, false, false),
    /** No connection: refused, no such host, no answer to connecting. Nothing was sent. */
    UNREACHABLE(Tries.FEW, false, true, true),
    /** No connection that can be trusted. Nothing was sent. */
    TLS(Tries.ONE, false, true, false),
    /** The connection broke, or no answer came in time, after the request had left. */
    BROKEN(Tries.FEW, true, false, true),
    /** The store failed: a 5xx. */
    SERVER_ERROR(Tries.FEW, true, false, true),
    /** The store asks to be left alone: 429, 503 with Retry-After, or its own word for it. */
    THROTTLED(Tries.WHILE_AWAITED, false, false, true),
    /** The server can't serve now and did nothing: sealed, a standby without an active one. */
    NOT_SERVING(Tries.FEW, false, false, true),
    /** The store has not seen its own latest state yet: 412. */
    BEHIND(Tries.WHILE_AWAITED, false, false, false);

    private final Tries tries;
    private final boolean mayHaveActed;
    private final boolean connecting;
    private final boolean passing;

    Kind(Tries tries, boolean mayHaveActed, boolean connecting, boolean passing) {
      this.tries = tries;
      this.mayHaveActed = mayHaveActed;
      this.connecting = connecting;
      this.passing = passing;
    }

    /** How often such a request may be tried. */
    public Tries tries() {
      return tries;
    }

    /** Whether the store may have done what it was asked for. */
    public boolean mayHaveActed() {
      return mayHaveActed;
    }

    /** Whether it was the connection that failed, so that everybody's would. */
    public boolean connecting() {
      return connecting;
    }

    /** Whether it says nothing of the asker's rights: an older value would do meanwhile. */
    public boolean passing() {
      return passing;
    }
  }

  private static final Fault NONE = of(Kind.NONE);

  /** No fault. */
  public static Fault none() {
    return NONE;
  }

  /** A fault of that kind. */
  public static Fault of(Kind kind) {
    return new Fault(kind, Duration.ZERO);
  }

  /** A store that asks to be left alone for so long; zero if it does not say. */
  public static Fault throttled(Duration retryAfter) {
    return new Fault(Kind.THROTTLED, retryAfter);
  }
}
