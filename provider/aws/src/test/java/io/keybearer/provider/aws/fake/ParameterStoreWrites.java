package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What changes parameters, as tests and tools do over the API. */
final class ParameterStoreWrites {

  private final Cloud cloud;

  ParameterStoreWrites(Cloud cloud) {
    this.cloud = cloud;
  }

  JsonNode put(Asked asked, FakeSession caller) {
    JsonNode input = asked.input();
    FakeRegion region = allowed(asked, caller);
    String name = input.text("Name");
    if (region.findParameter(name).isPresent() && !input.isTrue("Overwrite")) {
      throw Refusal.of(
          "ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the"
              + " request to true.");
    }
    if (name.contains(":") || name.contains("//")) {
      throw Refusal.of("ValidationException", ParameterId.NAME_RULES);
    }
    FakeParameter parameter =
        input.text("Type").isEmpty()
            ? next(region, name, input.text("Value"))
            : region.putParameter(
                name, input.text("Value"), ParameterType.parse(input.text("Type")));
    if (!input.text("KeyId").isEmpty()) {
      parameter.encryptedWith(input.text("KeyId"));
    }
    return Json.object("Tier", "Standard", "Version", parameter.version());
  }

  private static FakeParameter next(FakeRegion region, String name, String value) {
    FakeParameter parameter =
        region
            .findParameter(name)
            .orElseThrow(
                () ->
                    Refusal.of(
                        "ValidationException",
                        "A parameter type is required when you create a parameter."));
    parameter.put(value);
    return parameter;
  }

  JsonNode label(Asked asked, FakeSession caller) {
    FakeParameter parameter = existing(asked, caller);
    int version = (int) Json.number(asked.input(), "ParameterVersion", parameter.version());
    if (!parameter.hasVersion(version)) {
      throw Refusal.of(
          "ParameterVersionNotFound",
          "Systems Manager could not find version %d of %s. Verify the version and try again."
              .formatted(version, parameter.name()));
    }
    List<String> invalid = new ArrayList<>();
    for (String label : Json.texts(asked.input(), "Labels")) {
      if (label.matches("(?i)(\\d|aws|ssm).*")) {
        invalid.add(label);
      } else {
        parameter.label(version, label);
      }
    }
    return Json.object("InvalidLabels", invalid, "ParameterVersion", version);
  }

  JsonNode delete(Asked asked, FakeSession caller) {
    FakeParameter parameter = existing(asked, caller);
    parameter.home().deleteParameter(parameter.name());
    return Json.object();
  }

  private FakeParameter existing(Asked asked, FakeSession caller) {
    return allowed(asked, caller)
        .findParameter(asked.input().text("Name"))
        .orElseThrow(() -> Refusal.of("ParameterNotFound", ""));
  }

  private FakeRegion allowed(Asked asked, FakeSession caller) {
    FakeRegion region = cloud.account(caller.account()).region(asked.region());
    String name = asked.input().text("Name");
    String slash = name.startsWith("/") ? "" : "/";
    caller.require(
        "ssm:" + asked.operation(), region.arn("ssm", region.name(), "parameter" + slash + name));
    return region;
  }
}
