package io.keybearer.provider.aws;

import io.burt.jmespath.BaseRuntime;
import io.burt.jmespath.JmesPathType;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.GoNumber;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as JMESPath sees it, for one search: it counts what the search makes, for an expression of a
 * few characters can ask for more than there is memory.
 */
final class JmesRuntime extends BaseRuntime<JsonNode> {

  /** Many times what the largest value has, values and characters together; done in a moment. */
  private static final int MOST = 1_000_000;

  private static final JsonNode NULL = new JsonNode.Nothing();

  private int made;

  /** Told by a search that makes too much. */
  static final class TooMuchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuchException() {
      super("too much", null, false, false);
    }
  }

  private void count(int more) {
    made += more;
    if (made > MOST) {
      throw new TooMuchException();
    }
  }

  /** Counts all that it is made of: what stands in it twice is there twice once it is written. */
  private JsonNode counted(JsonNode node) {
    count(1);
    if (node instanceof JsonNode.Text text) {
      count(text.text().length());
    } else if (node instanceof JsonNode.Items items) {
      items.inOrder().forEach(this::counted);
    } else if (node instanceof JsonNode.Members members) {
      members.byName().keySet().forEach(name -> count(name.length()));
      members.byName().values().forEach(this::counted);
    }
    return node;
  }

  @Override
  public JsonNode parseString(String json) {
    try {
      return JsonTree.read("literal", json);
    } catch (MountFailure e) {
      throw new IllegalArgumentException("a literal that is no JSON");
    }
  }

  @Override
  public List<JsonNode> toList(JsonNode node) {
    if (node instanceof JsonNode.Items items) {
      count(items.inOrder().size());
      return items.inOrder();
    }
    if (node instanceof JsonNode.Members members) {
      count(members.byName().size());
      return List.copyOf(members.byName().values());
    }
    return List.of();
  }

  /** A string without its quotes, anything else as Go writes it. */
  @Override
  public String toString(JsonNode node) {
    // Functions make longer strings of these, before anybody sees how long.
    String text = text(node);
    count(text.length());
    return text;
  }

  /** Sorting looks at each string many times, and makes none. */
  @Override
  public int compare(JsonNode one, JsonNode other) {
    return one instanceof JsonNode.Text mine && other instanceof JsonNode.Text theirs
        ? mine.text().compareTo(theirs.text())
        : super.compare(one, other);
  }

  private String text(JsonNode node) {
    return GoJson.alone(ofGo(node));
  }

  /** Go's library has numbers of 64 bits alone. */
  private JsonNode ofGo(JsonNode node) {
    if (node instanceof JsonNode.Numeral numeral) {
      return new JsonNode.Numeral(GoNumber.text(Double.parseDouble(numeral.literal())));
    }
    if (node instanceof JsonNode.Items items) {
      return new JsonNode.Items(items.inOrder().stream().map(this::ofGo).toList());
    }
    if (node instanceof JsonNode.Members members) {
      Map<String, JsonNode> byName = new LinkedHashMap<>();
      members.byName().forEach((name, value) -> byName.put(name, ofGo(value)));
      return new JsonNode.Members(byName);
    }
    return node;
  }

  @Override
  public Number toNumber(JsonNode node) {
    if (!(node instanceof JsonNode.Numeral numeral)) {
      return 0;
    }
    try {
      return Long.valueOf(numeral.literal());
    } catch (NumberFormatException e) {
      return Double.valueOf(numeral.literal());
    }
  }

  @Override
  public boolean isTruthy(JsonNode node) {
    return switch (typeOf(node)) {
      case NULL -> false;
      case BOOLEAN -> node.equals(new JsonNode.Truth(true));
      case STRING -> !((JsonNode.Text) node).text().isEmpty();
      case ARRAY -> !((JsonNode.Items) node).inOrder().isEmpty();
      case OBJECT -> !((JsonNode.Members) node).byName().isEmpty();
      case NUMBER -> true;
    };
  }

  @Override
  public JmesPathType typeOf(JsonNode node) {
    if (node instanceof JsonNode.Members) {
      return JmesPathType.OBJECT;
    }
    if (node instanceof JsonNode.Items) {
      return JmesPathType.ARRAY;
    }
    if (node instanceof JsonNode.Text) {
      return JmesPathType.STRING;
    }
    if (node instanceof JsonNode.Numeral) {
      return JmesPathType.NUMBER;
    }
    return node instanceof JsonNode.Truth ? JmesPathType.BOOLEAN : JmesPathType.NULL;
  }

  @Override
  public JsonNode getProperty(JsonNode node, JsonNode name) {
    return node instanceof JsonNode.Members members
        ? members.byName().getOrDefault(text(name), NULL)
        : NULL;
  }

  @Override
  public Collection<JsonNode> getPropertyNames(JsonNode node) {
    List<JsonNode> names = new ArrayList<>();
    if (node instanceof JsonNode.Members members) {
      members.byName().keySet().forEach(name -> names.add(new JsonNode.Text(name)));
    }
    count(names.size());
    return names;
  }

  @Override
  public JsonNode createNull() {
    return NULL;
  }

  @Override
  public JsonNode createArray(Collection<JsonNode> elements) {
    return counted(new JsonNode.Items(List.copyOf(elements)));
  }

  @Override
  public JsonNode createString(String text) {
    return counted(new JsonNode.Text(text));
  }

  @Override
  public JsonNode createBoolean(boolean holds) {
    return new JsonNode.Truth(holds);
  }

  @Override
  public JsonNode createObject(Map<JsonNode, JsonNode> members) {
    Map<String, JsonNode> byName = new LinkedHashMap<>();
    members.forEach((name, value) -> byName.put(text(name), value));
    return counted(new JsonNode.Members(byName));
  }

  @Override
  public JsonNode createNumber(double number) {
    return new JsonNode.Numeral(GoNumber.text(number));
  }

  /** What does not fit comes as the greatest that does: that is another number, so it is none. */
  @Override
  public JsonNode createNumber(long number) {
    if (number == Long.MAX_VALUE || number == Long.MIN_VALUE) {
      throw new NumberFormatException("more than 64 bits");
    }
    return new JsonNode.Numeral(Long.toString(number));
  }
}
