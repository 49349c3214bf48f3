package io.keybearer.e2e.scenario;

/** How a store fails. */
enum Outage {
  /** Nobody listens at its address. */
  REFUSED,
  /** It takes connections and requests, and answers nothing. */
  HANGING,
  /** It answers 429. */
  THROTTLED,
  /** It answers 500. */
  SERVER_ERROR,
  /** It answers 503. */
  UNAVAILABLE,
  /** It answers with more than anybody takes. */
  OVERSIZE
}
