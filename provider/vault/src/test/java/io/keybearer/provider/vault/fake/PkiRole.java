package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.List;

/** Whom a role of {@link PkiEngine} gives certificates, and for how long. */
record PkiRole(JsonNode settings) {

  private static final String NO_NAME =
      "the common_name field is required, or must be provided in a CSR with \"use_csr_common_name\""
          + " set to true, unless \"require_cn\" is set to false";

  /** Refuses names that it does not allow. */
  void check(String commonName, List<String> others) {
    if (commonName.isEmpty() && WeakJson.holds(settings, "require_cn", true)) {
      throw Refusal.of(400, NO_NAME);
    }
    if (!commonName.isEmpty() && !allows(commonName)) {
      throw Refusal.of(400, "common name " + commonName + " not allowed by this role");
    }
    for (String other : others) {
      if (!allows(other)) {
        throw Refusal.of(400, "subject alternate name " + other + " not allowed by this role");
      }
    }
  }

  private boolean allows(String name) {
    if (WeakJson.holds(settings, "allow_any_name")
        || (name.equals("localhost") && WeakJson.holds(settings, "allow_localhost", true))) {
      return true;
    }
    for (String domain : WeakJson.texts(settings, "allowed_domains")) {
      boolean bare = WeakJson.holds(settings, "allow_bare_domains") && name.equals(domain);
      boolean below = WeakJson.holds(settings, "allow_subdomains") && name.endsWith("." + domain);
      boolean glob =
          WeakJson.holds(settings, "allow_glob_domains")
              && KubernetesAuth.fits(List.of(domain), name);
      if (bare || below || glob) {
        return true;
      }
    }
    return false;
  }

  boolean isLeased() {
    return WeakJson.holds(settings, "generate_lease");
  }

  boolean isEc() {
    return WeakJson.text(settings, "key_type").equals("ec");
  }

  /**
   * How long one is good for.
   *
   * @param asked zero for what is usual
   * @param most that the mount allows
   */
  Ttl ttl(Duration asked, Duration usual, Duration most) {
    Duration own = GoDuration.of(settings, "max_ttl");
    Duration limit = own.isZero() || own.compareTo(most) > 0 ? most : own;
    Duration set = GoDuration.of(settings, "ttl");
    Duration wanted = asked.isZero() ? (set.isZero() ? usual : set) : asked;
    if (wanted.compareTo(limit) <= 0) {
      return new Ttl(wanted, List.of());
    }
    List<String> warnings =
        asked.isZero()
            ? List.of()
            : List.of(
                "TTL \"%s\" is longer than permitted maxTTL \"%s\", so maxTTL is being used"
                    .formatted(go(wanted), go(limit)));
    return new Ttl(limit, warnings);
  }

  private static String go(Duration time) {
    return time.toHours() + "h" + time.toMinutesPart() + "m" + time.toSecondsPart() + "s";
  }
}
