package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakePort;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.FakeWire;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.Jwt;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The one request of an API server that a store makes: whether it knows a token. */
public final class TokenReviewServer implements AutoCloseable {

  static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";

  private final PodTokens tokens;
  private final FakePort port;
  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private final AtomicInteger reviews = new AtomicInteger();

  private TokenReviewServer(PodTokens tokens) {
    this.tokens = tokens;
    this.port = FakePort.ipv4("token-review", Optional.empty(), this::serve);
  }

  /** One that knows the tokens of this issuer. */
  public static TokenReviewServer of(PodTokens tokens) {
    return new TokenReviewServer(tokens);
  }

  /** What a kubernetes login is configured with as {@code kubernetes_host}. */
  public URI address() {
    return port.address();
  }

  /** Knows the tokens of a pod no more. */
  public void forget(PodTokens.Pod pod) {
    gone.add(pod.uid());
  }

  /** How often it was asked. */
  public int reviews() {
    return reviews.get();
  }

  @Override
  public void close() {
    port.close();
  }

  private void serve(FakeRequest request, FakeWire wire) throws IOException {
    if (!request.path().equals(PATH)) {
      wire.send(Answers.json(404, Json.EMPTY).wire());
      return;
    }
    reviews.incrementAndGet();
    JsonNode body = Json.read(request.body()).orElse(Json.EMPTY);
    JsonNode answer =
        Json.object(
            "kind",
            "TokenReview",
            "apiVersion",
            "authentication.k8s.io/v1",
            "metadata",
            Json.EMPTY,
            "spec",
            body.at("spec").orElse(Json.EMPTY),
            "status",
            status(body));
    wire.send(Answers.json(201, answer).wire());
  }

  private JsonNode status(JsonNode review) {
    Optional<Jwt> jwt =
        Jwt.parse(review.text("spec", "token"))
            .filter(parsed -> parsed.isSignedBy(tokens.publicKey()))
            .filter(parsed -> !gone.contains(parsed.claims().text("kubernetes.io", "pod", "uid")))
            .filter(
                parsed ->
                    JwtRules.problem(parsed, "", "", List.of(), tokens.now(), true).isEmpty());
    List<String> wanted = review.items("spec", "audiences").stream().map(JsonNode::text).toList();
    List<String> shared =
        jwt.map(parsed -> parsed.audiences().stream().filter(wanted::contains).toList())
            .orElse(List.of());
    if (jwt.isEmpty() || shared.isEmpty()) {
      return Json.object("authenticated", false, "error", "[invalid bearer token]");
    }
    return Json.object(
        "authenticated",
        true,
        "user",
        Json.object(
            "username",
            jwt.get().subject(),
            "uid",
            jwt.get().claims().text("kubernetes.io", "serviceaccount", "uid")),
        "audiences",
        shared);
  }
}
