package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A policy as it was written, and the paths that it speaks of. It may be JSON or that part of HCL
 * in which {@code path} blocks hold {@code capabilities}.
 */
record PolicyText(String text, List<Rule> rules, Instant modified, int version) {

  /** What may be done at a path; the path may have {@code +} parts and end in {@code *}. */
  record Rule(String path, Set<String> capabilities) {}

  static final String DEFAULT =
      """
      path "auth/token/lookup-self" { capabilities = ["read"] }
      path "auth/token/renew-self" { capabilities = ["update"] }
      path "auth/token/revoke-self" { capabilities = ["update"] }
      path "sys/capabilities-self" { capabilities = ["update"] }
      path "sys/internal/ui/resultant-acl" { capabilities = ["read"] }
      path "sys/leases/renew" { capabilities = ["update"] }
      path "sys/leases/lookup" { capabilities = ["update"] }
      path "cubbyhole/*" { capabilities = ["create", "read", "update", "delete", "list"] }
      path "sys/wrapping/wrap" { capabilities = ["update"] }
      path "sys/wrapping/lookup" { capabilities = ["update"] }
      path "sys/wrapping/unwrap" { capabilities = ["update"] }
      """;

  static final String WRAPPING =
      """
      path "cubbyhole/response" { capabilities = ["create", "read"] }
      path "sys/wrapping/unwrap" { capabilities = ["update"] }
      """;

  private static final Set<String> KNOWN =
      Set.of("create", "read", "update", "delete", "list", "sudo", "deny", "patch", "scan");
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|#[^\\n]*|//[^\\n]*|/\\*.*?\\*/|(\"(?:[^\"\\\\]|\\\\.)*\"|[\\w.]+|[{}\\[\\],=:])",
          Pattern.DOTALL);

  static PolicyText parse(String text) {
    String start = text.strip();
    List<Rule> rules = start.startsWith("{") ? ofJson(start) : new Hcl(tokens(text)).rules();
    return new PolicyText(text, rules, Instant.EPOCH, 1);
  }

  PolicyText written(Instant now, int version) {
    return new PolicyText(text, rules, now, version);
  }

  private static List<Rule> ofJson(String text) {
    JsonNode json = Json.read(text).orElseThrow(() -> malformed("not valid JSON"));
    List<Rule> rules = new ArrayList<>();
    json.members("path")
        .forEach((path, block) -> rules.add(rule(path, WeakJson.texts(block, "capabilities"))));
    return rules;
  }

  private static Rule rule(String path, List<String> capabilities) {
    for (String each : capabilities) {
      if (!KNOWN.contains(each)) {
        throw malformed("path \"" + path + "\": invalid capability \"" + each + "\"");
      }
    }
    return new Rule(path.startsWith("/") ? path.substring(1) : path, new TreeSet<>(capabilities));
  }

  private static Refusal malformed(String why) {
    return Refusal.of(400, "failed to parse policy: " + why);
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (matcher.find(at)) {
      if (matcher.start() != at) {
        throw malformed("illegal character at " + at);
      }
      if (matcher.group(1) != null) {
        tokens.add(matcher.group(1));
      }
      at = matcher.end();
      if (at == text.length()) {
        return tokens;
      }
    }
    if (at < text.length()) {
      throw malformed("illegal character at " + at);
    }
    return tokens;
  }

  /** The blocks of a text, from its tokens. */
  private static final class Hcl {

    private final List<String> tokens;
    private int at;

    private Hcl(List<String> tokens) {
      this.tokens = tokens;
    }

    private List<Rule> rules() {
      List<Rule> rules = new ArrayList<>();
      while (at < tokens.size()) {
        String key = next();
        if (key.equals("name")) {
          expect("=");
          next();
        } else if (key.equals("path")) {
          rules.add(block(string(next())));
        } else {
          throw malformed("invalid key \"" + key + "\"");
        }
      }
      return rules;
    }

    private Rule block(String path) {
      List<String> capabilities = new ArrayList<>();
      expect("{");
      for (String key = next(); !key.equals("}"); key = next()) {
        if (!key.equals("capabilities")) {
          throw malformed("path \"" + path + "\": invalid key \"" + key + "\"");
        }
        expect("=");
        expect("[");
        for (String item = next(); !item.equals("]"); item = next()) {
          if (!item.equals(",")) {
            capabilities.add(string(item));
          }
        }
      }
      return rule(path, capabilities);
    }

    private String next() {
      if (at >= tokens.size()) {
        throw malformed("unexpected end");
      }
      return tokens.get(at++);
    }

    private void expect(String wanted) {
      String found = next();
      if (!found.equals(wanted)) {
        throw malformed("expected " + wanted + ", found " + found);
      }
    }

    private static String string(String token) {
      if (!token.startsWith("\"")) {
        throw malformed("expected a string, found " + token);
      }
      return token.substring(1, token.length() - 1).replace("\\\"", "\"");
    }
  }
}
