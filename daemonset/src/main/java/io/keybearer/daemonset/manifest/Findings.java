package io.keybearer.daemonset.manifest;

import java.util.ArrayList;
import java.util.List;

/** The findings of one file, so many at most that a person may look at them. */
public final class Findings {

  /** More would only be the same mistake once more. */
  static final int MOST = 1_000;

  private final String file;
  private final List<Finding> all = new ArrayList<>();

  /** No findings yet in the file of that name. */
  public Findings(String file) {
    this.file = file;
  }

  /** The file's name. */
  public String file() {
    return file;
  }

  /**
   * Adds one, unless there are too many already.
   *
   * @param subject the SecretProviderClass, empty where it is about none
   */
  public void add(Rule rule, Spot spot, String subject, String message) {
    if (all.size() < MOST) {
      all.add(new Finding(file, spot, rule, subject, message));
    } else if (all.size() == MOST) {
      all.add(
          new Finding(
              file,
              Spot.WHOLE_FILE,
              Rule.TOO_MANY_FINDINGS,
              "",
              "more than " + MOST + " findings in this file; mend these first"));
    }
  }

  /** All of them, in the order they were added. */
  public List<Finding> all() {
    return List.copyOf(all);
  }
}
