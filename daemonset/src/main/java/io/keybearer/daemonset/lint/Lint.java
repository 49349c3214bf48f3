package io.keybearer.daemonset.lint;

import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Findings;
import io.keybearer.daemonset.manifest.ManifestFile;
import io.keybearer.daemonset.manifest.Manifests;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.daemonset.manifest.Severity;
import io.keybearer.daemonset.manifest.Spot;
import io.keybearer.provider.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks files one after another, and keeps nothing of them but the findings. */
public final class Lint {

  private final ClassCheck check;
  private final List<Finding> findings = new ArrayList<>();

  /** Where each class that has a name was met first. */
  private final Map<String, String> seen = new HashMap<>();

  private int files;
  private int documents;
  private int classes;

  /** Checks every class in this way. */
  public Lint(ClassCheck check) {
    this.check = check;
  }

  /** Takes findings of somebody else. */
  public void add(List<Finding> others) {
    findings.addAll(others);
  }

  /** Checks a file. */
  public void add(ManifestFile file) {
    Manifests manifests = file.manifests();
    files++;
    documents += manifests.documents();
    findings.addAll(manifests.findings());
    Findings ofFile = new Findings(file.name());
    for (SecretProviderClassManifest one : manifests.classes()) {
      classes++;
      checkName(one, ofFile);
      check.check(one, ofFile);
    }
    findings.addAll(ofFile.all());
  }

  private void checkName(SecretProviderClassManifest one, Findings ofFile) {
    if (one.name().isEmpty()) {
      return;
    }
    String before =
        seen.putIfAbsent(
            one.namespace() + "/" + one.name(), one.file() + ", line " + one.spot().line());
    if (before != null) {
      ofFile.add(
          Rule.DUPLICATE_CLASS,
          one.spot(),
          one.subject(),
          "the SecretProviderClass "
              + Quoted.of(one.subject())
              + " stands also in "
              + before
              + "; only the one that is applied last counts");
    }
  }

  /** What was found so far. */
  public LintResult result() {
    List<Finding> all = new ArrayList<>(findings);
    boolean broken = all.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    if (classes == 0 && documents > 0 && !broken) {
      all.add(
          new Finding(
              "",
              Spot.WHOLE_FILE,
              Rule.NOTHING_TO_CHECK,
              "",
              "there is no SecretProviderClass in what was read"));
    }
    all.sort(Finding.BY_PLACE);
    return new LintResult(files, documents, classes, all);
  }
}
