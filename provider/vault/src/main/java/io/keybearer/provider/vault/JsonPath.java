package io.keybearer.provider.vault;

import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way into a JSON value: {@code $.a.b[0]['c.d']}. Of JSONPath (RFC 9535) what names one value: no
 * wildcards, no filters.
 *
 * @param text as it was written
 * @param steps names and numbers, in their order
 */
record JsonPath(String text, List<Object> steps) {

  private static final Pattern STEP =
      Pattern.compile("\\.?([^.\\[\\]'\"]+)|\\[(\\d{1,6})\\]|\\[(?:'([^']*)'|\"([^\"]*)\")\\]");

  /**
   * The path in a text.
   *
   * @throws ContentException if it is none
   */
  static JsonPath parse(String text) throws ContentException {
    List<Object> steps = new ArrayList<>();
    String left = text.startsWith("$") ? text.substring(1) : text;
    Matcher step = STEP.matcher(left);
    int at = 0;
    while (at < left.length()) {
      step.region(at, left.length());
      if (!step.lookingAt()) {
        throw new ContentException(
            "jsonPath " + Quoted.of(text) + " names no single value",
            "write it as $.name[0].other");
      }
      steps.add(step.group(2) != null ? (Object) Integer.valueOf(step.group(2)) : name(step));
      at = step.end();
    }
    return new JsonPath(text, List.copyOf(steps));
  }

  private static String name(Matcher step) {
    for (int group : new int[] {1, 3, 4}) {
      if (step.group(group) != null) {
        return step.group(group);
      }
    }
    throw new IllegalStateException("a step without a name");
  }

  /**
   * The value that it leads to.
   *
   * @throws ContentException if there is none
   */
  JsonNode in(JsonNode root) throws ContentException {
    JsonNode node = root;
    for (Object step : steps) {
      JsonNode next = null;
      if (step instanceof Integer index && node instanceof JsonNode.Items items) {
        next = index < items.inOrder().size() ? items.inOrder().get(index) : null;
      } else if (node instanceof JsonNode.Members members) {
        next = members.byName().get(step.toString());
      }
      if (next == null) {
        throw new ContentException(
            Reason.NOT_FOUND,
            "nothing stands at jsonPath " + Quoted.of(text),
            "look at the form of that value");
      }
      node = next;
    }
    return node;
  }
}
