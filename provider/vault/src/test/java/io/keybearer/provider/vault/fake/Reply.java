package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.List;

/** What an engine has to say to a call. */
sealed interface Reply {

  /** Nothing: 204 to a write, 404 to a read. */
  record Silence() implements Reply {}

  /** Some data. */
  record Data(JsonNode data, List<String> warnings) implements Reply {}

  /** Data that are also told around the envelope, as the older half of {@code sys} does. */
  record Spread(JsonNode data) implements Reply {}

  /** Data in the company of 404: what a secret that is gone has left, or only warnings. */
  record Gone(JsonNode data, List<String> warnings) implements Reply {}

  /** Data with a time that is no lease. */
  record Timed(JsonNode data, Duration time) implements Reply {}

  /**
   * Data with a lease.
   *
   * @param secret what the engine wants to know when it is over
   */
  record Leased(JsonNode data, JsonNode secret, Ttl.Bounds bounds, boolean renewable)
      implements Reply {}

  /** A lease that lives on. */
  record Renewed(String lease, Duration time, boolean renewable, List<String> warnings)
      implements Reply {}

  /** A login that came about. */
  record LoggedIn(Grant grant) implements Reply {}

  /** A token, in whole. */
  record Minted(JsonNode auth, List<String> warnings) implements Reply {}

  /** Bytes as they are. */
  record Raw(FakeAnswer answer) implements Reply {}

  Reply SILENCE = new Silence();

  static Reply data(Object... namesAndValues) {
    return new Data(GoJson.sorted(Json.object(namesAndValues)), List.of());
  }

  static Reply data(JsonNode data) {
    return new Data(GoJson.sorted(data), List.of());
  }

  static Reply raw(int status, String contentType, String body) {
    return new Raw(Answers.text(status, contentType, body));
  }

  /** The names of a list; none is 404. */
  static Reply keys(Iterable<String> keys) {
    return data("keys", keys);
  }
}
