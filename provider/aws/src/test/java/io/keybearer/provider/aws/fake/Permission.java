package io.keybearer.provider.aws.fake;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a policy allows.
 *
 * @param action with {@code *} for any characters, such as {@code ssm:Get*}
 * @param resource an ARN with {@code *} and {@code ?}
 */
record Permission(String action, String resource) {

  boolean covers(String wantedAction, String wantedResource) {
    return matches(action.toLowerCase(Locale.ROOT), wantedAction.toLowerCase(Locale.ROOT))
        && matches(resource, wantedResource);
  }

  private static boolean matches(String pattern, String text) {
    String expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.compile(expression, Pattern.DOTALL).matcher(text).matches();
  }
}
