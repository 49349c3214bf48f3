package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request asks for.
 *
 * @param service {@code secretsmanager}, {@code ssm}, {@code sts}, {@code pod-identity}; empty for
 *     none of them
 * @param input its members; those of a form are strings
 * @param region of the signature; empty without one
 */
record Asked(
    String service,
    String operation,
    JsonNode input,
    Optional<SignatureVersion4> signature,
    String region) {

  private static final Map<String, String> TARGETS =
      Map.of("secretsmanager", "secretsmanager", "AmazonSSM", "ssm");

  /** What was asked at the port of the services. */
  static Asked of(FakeRequest request) {
    Optional<SignatureVersion4> signature =
        SignatureVersion4.parse(request.header("Authorization"));
    String region = signature.map(SignatureVersion4::region).orElse("");
    String target = request.header("X-Amz-Target");
    if (target.isEmpty()) {
      JsonNode form = Json.of(FakeRequest.form(request.body()));
      return new Asked("sts", form.text("Action"), form, signature, region);
    }
    String[] parts = target.split("\\.", 2);
    return new Asked(
        TARGETS.getOrDefault(parts[0], ""),
        parts[parts.length - 1],
        Json.read(request.body()).orElse(Json.object()),
        signature,
        region);
  }

  /** What was asked at the port of the agent. */
  static Asked ofAgent(FakeRequest request) {
    JsonNode input = Json.object("Token", request.header("Authorization"));
    return new Asked("pod-identity", "GetCredentials", input, Optional.empty(), "");
  }

  /** The call, before it is answered. */
  Call call() {
    return new Call(
        service,
        operation,
        region,
        signature.map(SignatureVersion4::accessKeyId).orElse(""),
        names(),
        0);
  }

  private List<String> names() {
    for (String list : List.of("SecretIdList", "Names")) {
      if (!input.items(list).isEmpty()) {
        return Json.texts(input, list);
      }
    }
    return List.of("SecretId", "Name", "Path", "RoleArn").stream()
        .map(input::text)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /** Nothing of its input. */
  @Override
  public String toString() {
    return service + " " + operation + " " + region;
  }
}
