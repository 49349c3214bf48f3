package io.keybearer.provider.aws.fake;

import java.util.Optional;

/**
 * What a request calls a parameter.
 *
 * @param asWritten with its selector
 * @param owner where it is looked for
 * @param selector a version or a label; empty for none
 */
record ParameterId(String asWritten, FakeRegion owner, String name, String selector) {

  static final String NAME_RULES =
      "The parameter doesn't meet the parameter name requirements. The parameter name must begin"
          + " with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\""
          + " (case-insensitive). It must use only letters, numbers, or the following symbols: ."
          + " (period), - (hyphen), _ (underscore). Special characters are not allowed. All"
          + " sub-paths, if specified, must use the forward slash symbol \"/\". Valid example:"
          + " /get/parameters2-/by1./path0_.";

  private static final int ARN_PARTS = 6;

  static ParameterId parse(String text, Cloud cloud, Asked asked, FakeSession caller) {
    FakeRegion owner = cloud.owner(text, caller, asked.region());
    boolean isArn = text.startsWith("arn:");
    String rest = isArn ? afterColons(text, ARN_PARTS - 1) : text;
    String[] parts = rest.split(":", 2);
    String selector = parts.length > 1 ? parts[1] : "";
    if (!isArn) {
      return new ParameterId(text, owner, parts[0], selector);
    }
    boolean isHere = text.startsWith(owner.arn("ssm", owner.name(), "parameter/"));
    // One slash stands before each name in an ARN, whether the name has it or not.
    String name = isHere ? parts[0].substring("parameter".length()) : "";
    boolean isBare = owner.findParameter(name).isEmpty() && !name.isEmpty();
    return new ParameterId(text, owner, isBare ? name.substring(1) : name, selector);
  }

  private static String afterColons(String text, int colons) {
    String[] parts = text.split(":", colons + 1);
    return parts.length > colons ? parts[colons] : "";
  }

  /** The ARN that permissions are about, whether or not there is such a parameter. */
  String arn() {
    String slash = name.startsWith("/") ? "" : "/";
    return owner.arn("ssm", owner.name(), "parameter" + slash + name);
  }

  /** The parameter, if the caller's account may read it. */
  Optional<FakeParameter> find(FakeSession caller) {
    return owner.findParameter(name).filter(parameter -> parameter.isReadBy(caller.account()));
  }
}
