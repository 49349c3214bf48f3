package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.text.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a server says of a request that it does not answer: {@code {"errors": ["…"]}}. */
final class VaultErrors {

  /** More of it would only push out what to try. */
  private static final int LONGEST = 300;

  /** What is looked at of a text, which may have megabytes; tokens among it take no room. */
  private static final int LONGEST_SEEN = 2_000;

  /**
   * A JSON Web Token, a token of Vault, a secret id, or what is too long to be a word: a hostile
   * server could give back what it got.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          "[-\\w]{10,}\\.[-\\w]{10,}\\.[-\\w]{10,}"
              + "|\\b(?:hv[sbr]|[sbr])\\.[-\\w.]{20,}"
              + "|\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"
              + "|[-\\w]{64,}");

  private VaultErrors() {}

  /** The errors of a document, joined; empty where there are none. */
  static String joined(JsonNode document, String separator) {
    List<String> texts = new ArrayList<>();
    document.items("errors").forEach(error -> texts.add(line(error.text())));
    return bounded(String.join(separator, texts));
  }

  /**
   * What the official providers say of such an answer: {@code Errors: * …}, or the body itself
   * where it is no JSON, which comes from something between. A body that is not shown may hold
   * anything.
   */
  static String told(SecretBytes body) {
    try {
      JsonNode document = VaultResponse.json(body);
      List<String> texts = new ArrayList<>();
      document.items("errors").forEach(error -> texts.add("* " + line(error.text())));
      return "Errors: " + bounded(String.join("", texts));
    } catch (MountFailure e) {
      return "Raw Message: " + body.length() + " bytes that are no JSON";
    }
  }

  /** Whether it is what KV version 2 says of a version that was deleted. */
  static boolean isDeleted(SecretBytes body) {
    try {
      return !VaultResponse.json(body).text("data", "metadata", "created_time").isEmpty();
    } catch (MountFailure e) {
      return false;
    }
  }

  /** Whether an error of the answer holds that text. */
  static boolean say(SecretBytes body, String text) {
    try {
      return VaultResponse.json(body).items("errors").stream()
          .anyMatch(error -> error.text().contains(text));
    } catch (MountFailure e) {
      return false;
    }
  }

  /** A server's text on one line, without what could hide in a terminal, and without tokens. */
  static String line(String text) {
    String start =
        text.length() <= LONGEST_SEEN
            ? text
            // The last word may be a part of a token.
            : text.substring(0, LONGEST_SEEN).replaceFirst("\\S*+$", "…");
    String line = start.strip().replaceAll("\\p{Cntrl}+\\s*", " ").replaceAll("\\p{Cf}", "");
    return bounded(TOKEN.matcher(line).replaceAll("[token]"));
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
