package io.keybearer.provider.vault.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What several policies allow together: the most specific path decides, and deny wins there. */
final class Acl {

  /** Wildcards late, no star, few plus signs, much text. */
  private static final Comparator<String> SPECIFIC =
      Comparator.<String>comparingInt(Acl::firstWildcard)
          .thenComparing(path -> !path.endsWith("*"))
          .thenComparing(Comparator.comparingLong(Acl::plusSigns).reversed())
          .thenComparingInt(String::length)
          .thenComparing(Comparator.naturalOrder());

  private final boolean root;
  private final List<PolicyText.Rule> rules = new ArrayList<>();

  /**
   * That of a token, with the policies of its namespace; a policy that is not there allows nothing.
   */
  Acl(FakeToken token) {
    FakeNamespace namespace = token.facts().namespace();
    this.root = token.isRoot();
    for (String name : token.facts().policies()) {
      Optional.ofNullable(namespace.policies().get(name))
          .ifPresent(
              policy -> policy.rules().forEach(rule -> rules.add(below(namespace.path(), rule))));
    }
  }

  private static PolicyText.Rule below(String namespace, PolicyText.Rule rule) {
    return new PolicyText.Rule(namespace + rule.path(), rule.capabilities());
  }

  /**
   * Whether an operation is allowed.
   *
   * @param path with its namespace
   */
  boolean allows(Operation operation, String path, boolean sudo) {
    if (root) {
      return true;
    }
    Set<String> found = capabilities(path);
    if (found.isEmpty() && operation == Operation.LIST && path.endsWith("/")) {
      found = capabilities(path.substring(0, path.length() - 1));
    }
    return !found.contains("deny")
        && found.contains(operation.capability())
        && (!sudo || found.contains("sudo"));
  }

  /** Whether anything is allowed at or below a mount. */
  boolean reaches(String mount) {
    return root
        || rules.stream()
            .filter(rule -> !rule.capabilities().contains("deny"))
            .filter(rule -> !rule.capabilities().isEmpty())
            .anyMatch(rule -> couldLieBelow(rule.path(), mount));
  }

  private static boolean couldLieBelow(String rule, String mount) {
    if (rule.startsWith(mount)) {
      return true;
    }
    if (rule.endsWith("*") && mount.startsWith(rule.substring(0, rule.length() - 1))) {
      return true;
    }
    String[] wanted = mount.split("/", 0);
    String[] parts = rule.split("/", -1);
    boolean fits = parts.length >= wanted.length && rule.contains("+");
    for (int i = 0; fits && i < wanted.length; i++) {
      fits = parts[i].equals("+") || parts[i].equals(wanted[i]);
    }
    return fits;
  }

  private Set<String> capabilities(String path) {
    Optional<String> best =
        rules.stream().map(PolicyText.Rule::path).filter(rule -> matches(rule, path)).max(SPECIFIC);
    Set<String> all = new TreeSet<>();
    for (PolicyText.Rule rule : rules) {
      if (best.filter(rule.path()::equals).isPresent()) {
        all.addAll(rule.capabilities());
      }
    }
    return all;
  }

  private static boolean matches(String rule, String path) {
    boolean open = rule.endsWith("*");
    String start = open ? rule.substring(0, rule.length() - 1) : rule;
    if (!start.contains("+")) {
      return open ? path.startsWith(start) : path.equals(start);
    }
    String[] wanted = start.split("/", -1);
    String[] parts = path.split("/", -1);
    if (open ? parts.length < wanted.length : parts.length != wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      boolean last = open && i == wanted.length - 1;
      boolean fits =
          wanted[i].equals("+")
              || (last ? parts[i].startsWith(wanted[i]) : parts[i].equals(wanted[i]));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static int firstWildcard(String path) {
    int plus = path.indexOf('+');
    int star = path.endsWith("*") ? path.length() - 1 : Integer.MAX_VALUE;
    return Math.min(plus < 0 ? Integer.MAX_VALUE : plus, star);
  }

  private static long plusSigns(String path) {
    return path.chars().filter(letter -> letter == '+').count();
  }
}
