package io.keybearer.daemonset.manifest;

import java.util.Comparator;

/**
 * Something that is wrong with a manifest.
 *
 * @param file the file's name, as it was given; empty where it is about all that was read
 * @param spot where it stands
 * @param rule what it breaks
 * @param subject the SecretProviderClass as {@code namespace/name}, or its name alone; empty where
 *     it is about none
 * @param message what is wrong; what to try: lower case, on one line, no full stop, no secret
 */
public record Finding(String file, Spot spot, Rule rule, String subject, String message) {

  /** By where it stands; what is about no file comes last. */
  public static final Comparator<Finding> BY_PLACE =
      Comparator.comparing((Finding finding) -> finding.file().isEmpty())
          .thenComparing(Finding::file)
          .thenComparing(finding -> finding.spot().line())
          .thenComparing(finding -> finding.spot().column())
          .thenComparing(Finding::rule)
          .thenComparing(Finding::message);

  /** How much it matters. */
  public Severity severity() {
    return rule.severity();
  }
}
