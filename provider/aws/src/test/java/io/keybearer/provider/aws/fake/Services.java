package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.UUID;

/** Takes a request to the service and the operation that it is for, and words the answer. */
final class Services {

  private static final String JSON = "application/x-amz-json-1.1";
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  /** What the query protocol calls the errors that JSON services call otherwise. */
  private static final Map<String, String> QUERY_CODES =
      Map.of(
          "InvalidSignatureException", "SignatureDoesNotMatch",
          "UnrecognizedClientException", "InvalidClientTokenId",
          "MissingAuthenticationTokenException", "MissingAuthenticationToken",
          "IncompleteSignatureException", "IncompleteSignature",
          "UnknownOperationException", "InvalidAction");

  private final Admission admission;
  private final SecretsManagerReads secretReads;
  private final SecretsManagerWrites secretWrites;
  private final ParameterStoreReads parameterReads;
  private final ParameterStoreWrites parameterWrites;
  private final SecurityTokens tokens;

  Services(Cloud cloud, Admission admission) {
    this.admission = admission;
    this.secretReads = new SecretsManagerReads(cloud);
    this.secretWrites = new SecretsManagerWrites(cloud);
    this.parameterReads = new ParameterStoreReads(cloud);
    this.parameterWrites = new ParameterStoreWrites(cloud);
    this.tokens = new SecurityTokens(cloud);
  }

  FakeAnswer answer(FakeRequest request, Asked asked) {
    FakeAnswer answer;
    try {
      JsonNode result = result(request, asked);
      answer =
          asked.service().equals("sts")
              ? FakeAnswer.of(200, "text/xml", XmlText.answer(asked.operation(), NAMESPACE, result))
              : FakeAnswer.of(200, JSON, Json.write(result));
    } catch (Refusal e) {
      answer = refused(e.status(), e.code(), e.text(), asked.call());
    }
    return stamped(answer);
  }

  /** With the headers that each answer has. */
  private FakeAnswer stamped(FakeAnswer answer) {
    return answer
        .with("x-amzn-RequestId", UUID.randomUUID().toString())
        .with(
            "Date",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(admission.now().atZone(ZoneOffset.UTC)));
  }

  /** An error in the words of the protocol that was spoken. */
  static FakeAnswer refused(int status, String code, String text, Call call) {
    if (!call.service().equals("sts")) {
      return FakeAnswer.of(status, JSON, Json.write(Json.object("__type", code, "Message", text)));
    }
    // The JSON services refuse with 400 what this one refuses with 403.
    boolean isKey = status == 400 && (QUERY_CODES.containsKey(code) && !code.startsWith("Unknown"));
    boolean isOver = status == 400 && code.equals("ExpiredTokenException") && !isUnsigned(call);
    String word = isOver ? "ExpiredToken" : QUERY_CODES.getOrDefault(code, code);
    return FakeAnswer.of(
        isKey || isOver ? 403 : status, "text/xml", XmlText.error(NAMESPACE, word, text, status));
  }

  private static boolean isUnsigned(Call call) {
    return call.operation().equals("AssumeRoleWithWebIdentity");
  }

  private JsonNode result(FakeRequest request, Asked asked) {
    if (asked.service().equals("sts") && isUnsigned(asked.call())) {
      return tokens.withWebIdentity(asked.input());
    }
    FakeSession caller = admission.admit(request, asked);
    return switch (asked.service() + " " + asked.operation()) {
      case "secretsmanager GetSecretValue" -> secretReads.value(asked, caller);
      case "secretsmanager BatchGetSecretValue" -> secretReads.batch(asked, caller);
      case "secretsmanager DescribeSecret" -> secretReads.describe(asked, caller);
      case "secretsmanager CreateSecret" -> secretWrites.create(asked, caller);
      case "secretsmanager PutSecretValue" -> secretWrites.put(asked, caller);
      case "secretsmanager UpdateSecretVersionStage" -> secretWrites.updateStage(asked, caller);
      case "secretsmanager DeleteSecret" -> secretWrites.delete(asked, caller);
      case "secretsmanager RestoreSecret" -> secretWrites.restore(asked, caller);
      case "secretsmanager ReplicateSecretToRegions" -> secretWrites.replicate(asked, caller);
      case "ssm GetParameters" -> parameterReads.several(asked, caller);
      case "ssm GetParameter" -> parameterReads.one(asked, caller);
      case "ssm GetParametersByPath" -> parameterReads.byPath(asked, caller);
      case "ssm PutParameter" -> parameterWrites.put(asked, caller);
      case "ssm LabelParameterVersion" -> parameterWrites.label(asked, caller);
      case "ssm DeleteParameter" -> parameterWrites.delete(asked, caller);
      case "sts AssumeRole" -> tokens.assumeRole(asked.input(), caller);
      case "sts GetCallerIdentity" -> SecurityTokens.identity(caller);
      default -> throw Refusal.of("UnknownOperationException", "");
    };
  }
}
