package io.keybearer.provider.aws.fake;

import io.keybearer.provider.text.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;

/** Times as the JSON services write them. */
final class EpochSeconds {

  private EpochSeconds() {}

  /** A number with milliseconds behind the point. */
  static JsonNode of(Instant time) {
    return new JsonNode.Numeral(BigDecimal.valueOf(time.toEpochMilli(), 3).toPlainString());
  }
}
