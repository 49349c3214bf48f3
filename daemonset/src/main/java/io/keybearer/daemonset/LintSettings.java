package io.keybearer.daemonset;

import io.keybearer.daemonset.lint.LintReport;
import java.util.List;

/**
 * What {@code lint} is told.
 *
 * @param stores what plans depend on
 * @param report how findings are told
 * @param strict whether warnings count as errors
 * @param dialect the store that every class is checked as; empty for that which it names
 * @param operands files, folders and {@code "-"}
 */
record LintSettings(
    StoreSettings stores,
    LintReport report,
    boolean strict,
    String dialect,
    List<String> operands) {

  /**
   * The settings.
   *
   * @param names the stores that there are
   */
  static LintSettings read(SettingsReader from, List<String> names) {
    return new LintSettings(
        StoreSettings.read(from),
        from.choice("format", LintReport.TEXT, "how findings are told"),
        from.yesOrNo("strict", "let warnings fail as errors do"),
        from.read(
            "provider",
            "",
            "check every SecretProviderClass as one of this store, whatever its provider is",
            "one of " + String.join(", ", names),
            text -> dialect(text, names)),
        from.operands());
  }

  private static String dialect(String text, List<String> names) {
    if (!text.isEmpty() && !names.contains(text)) {
      throw new IllegalArgumentException();
    }
    return text;
  }
}
