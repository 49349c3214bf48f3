package io.keybearer.daemonset.manifest;

import java.util.regex.Pattern;

/** What Kubernetes takes for a name: DNS-1123. */
public final class KubernetesName {

  static final int LONGEST = 253;

  private static final int LONGEST_LABEL = 63;
  private static final String LETTERS = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern LABEL = Pattern.compile(LETTERS);
  private static final Pattern LABELS = Pattern.compile(LETTERS + "(\\." + LETTERS + ")*");
  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");

  private KubernetesName() {}

  /** Whether an object may be called so. */
  public static boolean isName(String text) {
    return text.length() <= LONGEST && LABELS.matcher(text).matches();
  }

  /** Whether a namespace may be called so. */
  public static boolean isNamespace(String text) {
    return text.length() <= LONGEST_LABEL && LABEL.matcher(text).matches();
  }

  /** Whether a key of a Secret may be called so. */
  public static boolean isKey(String text) {
    boolean climbs = text.equals(".") || text.startsWith("..");
    return text.length() <= LONGEST && KEY.matcher(text).matches() && !climbs;
  }
}
