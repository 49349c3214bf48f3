package io.keybearer.provider.aws;

import io.burt.jmespath.Expression;
import io.burt.jmespath.JmesPathException;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.JsonNode;

/**
 * A <a href="https://jmespath.org/specification.html">JMESPath</a> expression. Whatever it is, it
 * takes no more time and memory than a value of the largest size would.
 *
 * @param text as it was written
 */
record JmesPath(String text) {

  /** The parser descends for each character that can nest. */
  private static final int LONGEST = 1_000;

  /** Each is a call of the search in the one before it, on threads with small stacks. */
  private static final int MOST_STEPS = 200;

  private static final String STEPS = "|&.!=<>[*";

  /** As deep as a value may be. For the deepest texts the parser takes a tenth of a second each. */
  private static final int DEEPEST = 64;

  /**
   * The expression in a text.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if it is none
   */
  static JmesPath parse(String text) throws MountFailure {
    if (text.length() > LONGEST) {
      throw invalid(text, "it has more than " + LONGEST + " characters");
    }
    if (text.chars().filter(each -> STEPS.indexOf(each) >= 0).count() > MOST_STEPS) {
      throw invalid(text, "it has more than " + MOST_STEPS + " steps");
    }
    requireShallow(text);
    compile(text);
    return new JmesPath(text);
  }

  private static void requireShallow(String text) throws MountFailure {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(', '[', '{' -> depth++;
        case ')', ']', '}' -> depth = Math.max(0, depth - 1);
        default -> {}
      }
      if (depth > DEEPEST) {
        throw invalid(text, "it has more than " + DEEPEST + " brackets in each other");
      }
    }
  }

  private static Expression<JsonNode> compile(String text) throws MountFailure {
    try {
      return new JmesRuntime().compile(text);
    } catch (JmesPathException | IllegalArgumentException | StackOverflowError e) {
      // Numbers and literals are read without a look at what that throws, and a tenant's text can
      // be deeper than this thread's stack, however short it is.
      throw invalid(text, "see https://jmespath.org/specification.html");
    }
  }

  private static MountFailure invalid(String text, String remedy) {
    return MountFailure.of(
        Reason.INVALID_PARAMETERS, "Invalid JMES Path: " + PlainText.of(text) + ".", remedy);
  }

  /**
   * What it finds.
   *
   * @return null as JSON has it where it finds nothing
   * @throws MountFailure if a function of it does not take what it finds
   */
  JsonNode in(JsonNode root) throws MountFailure {
    Expression<JsonNode> expression = compile(text);
    try {
      return expression.search(root);
    } catch (JmesPathException
        | IllegalArgumentException
        // The library takes the last item of an empty list for the first one of its reverse.
        | IndexOutOfBoundsException
        | JmesRuntime.TooMuchException
        | StackOverflowError e) {
      throw invalid(
          text,
          e instanceof JmesRuntime.TooMuchException
              ? "it makes more of the value than a file may hold"
              : "a function in it does not take what it finds in this value");
    }
  }
}
