package io.keybearer.provider.aws;

import java.util.Optional;

/**
 * What a value is asked for with, in one region.
 *
 * @param name a name or an ARN
 * @param version a version's id, or its number in Parameter Store; empty for none
 * @param label a staging label, or a label in Parameter Store; empty for none
 */
record AwsName(String name, String version, String label) {

  private static final int PARTS_OF_ARN = 6;

  /** Whether it is the newest version that is wanted. */
  boolean isPlain() {
    return version.isEmpty() && label.isEmpty();
  }

  /** The parts of the ARN that it is. */
  Optional<Arn> arn() {
    return Arn.parse(name);
  }

  /**
   * The parts of an Amazon Resource Name that matter here: {@code
   * arn:partition:service:region:account:resource}.
   */
  record Arn(String service, String region) {

    static boolean isMeant(String name) {
      return name.startsWith("arn:");
    }

    static Optional<Arn> parse(String name) {
      String[] parts = name.split(":", PARTS_OF_ARN);
      return isMeant(name) && parts.length == PARTS_OF_ARN
          ? Optional.of(new Arn(parts[2], parts[3]))
          : Optional.<Arn>empty();
    }
  }

  /** As Parameter Store is asked for it. */
  String withSelector() {
    String selector = version.isEmpty() ? label : version;
    return selector.isEmpty() ? name : name + ":" + selector;
  }

  /** The same for each way to name a parameter, and perhaps for parameters of other accounts. */
  String parameter() {
    String name = withoutSelector();
    int path = Arn.isMeant(name) ? name.indexOf('/') : 0;
    return name.substring(Math.max(0, path)).replaceFirst("^/", "");
  }

  /** The name that Parameter Store answers with: without a selector, be it a part of the name. */
  String withoutSelector() {
    int resource = Arn.isMeant(name) ? name.indexOf('/') : 0;
    int colon = name.indexOf(':', Math.max(0, resource));
    return colon < 0 ? name : name.substring(0, colon);
  }
}
