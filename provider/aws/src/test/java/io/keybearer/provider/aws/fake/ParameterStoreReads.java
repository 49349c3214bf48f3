package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What reads parameters: the part of the <a
 * href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/">Systems Manager API</a>
 * that Keybearer may use.
 */
final class ParameterStoreReads {

  private static final int MOST = 10;

  private final Cloud cloud;

  ParameterStoreReads(Cloud cloud) {
    this.cloud = cloud;
  }

  JsonNode several(Asked asked, FakeSession caller) {
    List<String> names = Json.texts(asked.input(), "Names");
    requireNames(names);
    List<ParameterId> ids =
        names.stream().map(name -> ParameterId.parse(name, cloud, asked, caller)).toList();
    // One that is denied fails the whole call, before anything is looked up.
    ids.forEach(id -> caller.require("ssm:GetParameters", id.arn()));
    List<JsonNode> found = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    for (ParameterId id : ids) {
      Optional<JsonNode.Members> answer = answer(id, asked, caller);
      answer.ifPresentOrElse(found::add, () -> invalid.add(id.asWritten()));
    }
    // AWS does not promise their order.
    Collections.reverse(found);
    return Json.object("InvalidParameters", invalid, "Parameters", found);
  }

  private static void requireNames(List<String> names) {
    if (names.isEmpty()) {
      throw Refusal.invalid("[]", "names", "Member must have length greater than or equal to 1");
    }
    if (names.size() > MOST) {
      throw Refusal.invalid(
          "[" + String.join(", ", names) + "]",
          "names",
          "Member must have length less than or equal to " + MOST);
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw Refusal.invalid(
          "[" + String.join(", ", names) + "]", "names", "Member must not have duplicate values");
    }
  }

  JsonNode one(Asked asked, FakeSession caller) {
    ParameterId id = ParameterId.parse(asked.input().text("Name"), cloud, asked, caller);
    caller.require("ssm:GetParameter", id.arn());
    if (id.find(caller).isEmpty()) {
      throw Refusal.of("ParameterNotFound", "");
    }
    return Json.object(
        "Parameter",
        answer(id, asked, caller)
            .orElseThrow(
                () ->
                    Refusal.of(
                        "ParameterVersionNotFound",
                        "Systems Manager could not find version %s of %s. %s"
                            .formatted(
                                id.selector(), id.name(), "Verify the version and try again."))));
  }

  private static Optional<JsonNode.Members> answer(
      ParameterId id, Asked asked, FakeSession caller) {
    return id.find(caller).flatMap(parameter -> answer(parameter, id.selector(), asked, caller));
  }

  private static Optional<JsonNode.Members> answer(
      FakeParameter parameter, String selector, Asked asked, FakeSession caller) {
    boolean decrypted = asked.input().isTrue("WithDecryption");
    if (decrypted) {
      requireKey(parameter, caller);
    }
    return parameter.answer(selector, decrypted);
  }

  private static void requireKey(FakeParameter parameter, FakeSession caller) {
    String key = parameter.kmsKey();
    if (key.isEmpty()) {
      return;
    }
    caller.require("kms:Decrypt", key);
    if (parameter.home().account().isDisabled(key)) {
      throw Refusal.of("InvalidKeyId", key + " is disabled.");
    }
  }

  JsonNode byPath(Asked asked, FakeSession caller) {
    String path = asked.input().text("Path");
    if (!path.startsWith("/")) {
      throw Refusal.of("ValidationException", ParameterId.NAME_RULES);
    }
    FakeRegion region = cloud.account(caller.account()).region(asked.region());
    caller.require("ssm:GetParametersByPath", region.arn("ssm", region.name(), "parameter" + path));
    long most = Json.number(asked.input(), "MaxResults", MOST);
    if (most < 1 || most > MOST) {
      String constraint = most < 1 ? "greater than or equal to 1" : "less than or equal to 10";
      throw Refusal.invalid(
          String.valueOf(most), "maxResults", "Member must have value " + constraint);
    }
    boolean recursive = asked.input().isTrue("Recursive");
    List<FakeParameter> all =
        region.parameters().stream()
            .filter(parameter -> isUnder(path, parameter.name(), recursive))
            .toList();
    return page(all, start(asked.input().text("NextToken")), (int) most, asked, caller);
  }

  private static JsonNode page(
      List<FakeParameter> all, int start, int most, Asked asked, FakeSession caller) {
    int end = Math.min(all.size(), start + most);
    List<JsonNode> found = new ArrayList<>();
    for (FakeParameter parameter : all.subList(Math.min(start, end), end)) {
      answer(parameter, "", asked, caller).ifPresent(found::add);
    }
    JsonNode.Members answer = Json.object("Parameters", found);
    return end < all.size() ? Json.merged(answer, Json.object("NextToken", "page-" + end)) : answer;
  }

  private static int start(String token) {
    if (token.isEmpty()) {
      return 0;
    }
    if (!token.matches("page-\\d{1,9}")) {
      throw Refusal.of("InvalidNextToken", "The specified token is not valid.");
    }
    return Integer.parseInt(token.substring("page-".length()));
  }

  private static boolean isUnder(String path, String name, boolean recursive) {
    String folder = path.endsWith("/") ? path : path + "/";
    String full = name.startsWith("/") ? name : "/" + name;
    return full.startsWith(folder) && (recursive || full.indexOf('/', folder.length()) < 0);
  }
}
