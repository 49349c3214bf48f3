package io.keybearer.provider.conformance.proof;

/** What can be planted into {@link MemoryBackend}. */
enum Flaw {
  /** It is good. */
  NONE,
  /** Planning asks the peer. */
  PLANS_WITH_A_CALL,
  /** A plan depends on those before it. */
  PLANS_BY_COUNT,
  /** Junk in parameters is an exception of the language. */
  CHOKES_ON_JUNK,
  /** Every reference says that it never changes. */
  DECLARES_IMMUTABLE,
  /** Equal references are not equal. */
  COMPARES_BY_IDENTITY,
  /** Every read logs in again. */
  LOGS_IN_AGAIN,
  /** Each object has a login of its own. */
  LOGS_IN_FOR_EACH_OBJECT,
  /** One request of the reader becomes one call for each reference. */
  READS_ONE_BY_ONE,
  /** Waiting goes on when it is interrupted. */
  IGNORES_INTERRUPTION,
  /** Waiting goes on after the deadline. */
  IGNORES_DEADLINES,
  /** All namespaces have one session key. */
  FORGETS_THE_NAMESPACE,
  /** All roles have one session key. */
  FORGETS_THE_ROLE,
  /** All identities use the first one's session at the peer. */
  SHARES_A_SESSION,
  /** What it has read once it gives in an outage. */
  KEEPS_VALUES,
  /** A denial is told as an outage. */
  TAKES_DENIALS_FOR_OUTAGES,
  /** An outage is told as a denial. */
  TAKES_OUTAGES_FOR_DENIALS,
  /** A 5xx is told as no connection. */
  TELLS_THE_WRONG_FAULT,
  /** The time of a throttled answer is not told. */
  FORGETS_RETRY_AFTER,
  /** What failed is sent again. */
  TRIES_AGAIN,
  /** A session prints its token. */
  PRINTS_ITS_TOKEN,
  /** A failure quotes the peer's answer. */
  QUOTES_THE_ANSWER,
  /** It reads on when there is no room. */
  READS_ON_WITHOUT_ROOM,
  /** It tells nobody of bytes. */
  TELLS_NO_BYTES
}
