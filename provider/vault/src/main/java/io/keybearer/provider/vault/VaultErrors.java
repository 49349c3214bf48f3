package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.ServerText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a server says of a request that it does not answer: {@code {"errors": ["…"]}}. */
final class VaultErrors {

  /** A secret id, or a token of the oldest versions. */
  private static final Pattern UUID =
      Pattern.compile("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b");

  private VaultErrors() {}

  /** What a server says, on one line and without tokens. */
  static String line(String text) {
    return ServerText.line(text, UUID);
  }

  /** The errors of a document, joined; empty where there are none. */
  static String joined(JsonNode document, String separator) {
    List<String> texts = new ArrayList<>();
    document.items("errors").forEach(error -> texts.add(line(error.text())));
    return ServerText.bounded(String.join(separator, texts));
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
      return "Errors: " + ServerText.bounded(String.join("", texts));
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
}
