package io.keybearer.provider;

import java.time.Duration;
import java.util.Map;

/**
 * What became of renewing a session and what was minted in it.
 *
 * @param session how long the session lives from now; a time of zero if it can't be renewed
 * @param values how long each value that was renewed lives from now; zero for one that can't be. A
 *     value that is not named keeps its end. The references are those that were asked for
 */
public record Renewal(SessionLife session, Map<SecretRef, Duration> values) {

  /** Copies the map. */
  public Renewal {
    values = Map.copyOf(values);
  }

  /** That of a session in which no value is renewed. */
  public static Renewal of(SessionLife session) {
    return new Renewal(session, Map.of());
  }
}
