package io.keybearer.daemonset.lint;

import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Severity;
import java.util.List;

/**
 * What came of checking files.
 *
 * @param files how many were read, or were tried to
 * @param documents how many documents they hold
 * @param classes how many of these are SecretProviderClasses
 * @param findings in the order of files, lines and columns
 */
public record LintResult(int files, int documents, int classes, List<Finding> findings) {

  /** Copies the list. */
  public LintResult {
    findings = List.copyOf(findings);
  }

  /** How many findings are as grave as that. */
  public long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /**
   * Whether a build should stop here.
   *
   * @param strict whether warnings stop it too
   */
  public boolean fails(boolean strict) {
    return count(Severity.ERROR) > 0 || (strict && count(Severity.WARNING) > 0);
  }
}
