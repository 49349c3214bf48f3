package io.keybearer.e2e.driver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tokens of all audiences for a pod, each kept until four fifths of its life are over. */
final class ServiceAccountTokens {
  private record Key(PodIdentity pod, String audience) {}

  private record Token(String jwt, Instant issued, Instant expires) {
    boolean isFresh(Instant now) {
      return now.isBefore(
          issued.plus(Duration.between(issued, expires).multipliedBy(4).dividedBy(5)));
    }
  }

  private final List<TokenRequest> requests;
  private final TokenIssuer issuer;
  private final InstantSource clock;
  private final Map<Key, Token> kept = new HashMap<>();

  ServiceAccountTokens(List<TokenRequest> requests, TokenIssuer issuer, InstantSource clock) {
    this.requests = List.copyOf(requests);
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * The one attribute that carries all tokens as JSON in a string; nothing if no audience is
   * configured.
   */
  synchronized Map<String, String> attributes(PodIdentity pod) {
    if (requests.isEmpty()) {
      return Map.of();
    }
    String json =
        requests.stream()
            .sorted((left, right) -> GoText.byBytes().compare(left.audience(), right.audience()))
            .map(request -> GoText.json(request.audience()) + ":" + json(token(pod, request)))
            .collect(Collectors.joining(",", "{", "}"));
    return Map.of(CsiKeys.TOKENS, json);
  }

  /** Forgets the tokens of a pod that is gone. */
  synchronized void forget(String podUid) {
    kept.keySet().removeIf(key -> key.pod().uid().equals(podUid));
  }

  private Token token(PodIdentity pod, TokenRequest request) {
    Key key = new Key(pod, request.audience());
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Optional<Token> known = Optional.ofNullable(kept.get(key)).filter(token -> token.isFresh(now));
    if (known.isPresent()) {
      return known.get();
    }
    Instant expires = now.plus(request.lifetime());
    String jwt = issuer.issue(new TokenIssuer.Claims(pod, request.audience(), now, expires));
    Token minted = new Token(jwt, now, expires);
    kept.put(key, minted);
    return minted;
  }

  private static String json(Token token) {
    return String.format(
        Locale.ROOT,
        "{\"token\":%s,\"expirationTimestamp\":%s}",
        GoText.json(token.jwt()),
        GoText.json(token.expires().toString()));
  }
}
