package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The JSON that answers a request, as the official providers' client library understands it. See <a
 * href="https://openbao.org/api-docs/">the API</a>. It holds secrets and prints none.
 */
final class VaultResponse {

  private static final JsonNode NULL = new JsonNode.Nothing();
  private static final JsonNode ZERO = new JsonNode.Numeral("0");
  private static final JsonNode FALSE = new JsonNode.Truth(false);
  private static final JsonNode EMPTY = new JsonNode.Text("");
  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,18}");

  /** What a field of the envelope has to be. */
  private enum Kind {
    TEXT,
    INTEGER,
    TRUTH,
    MEMBERS,
    ITEMS;

    /** What stands for it where it is left out. */
    JsonNode absent() {
      return switch (this) {
        case TEXT -> EMPTY;
        case INTEGER -> ZERO;
        case TRUTH -> FALSE;
        case MEMBERS, ITEMS -> NULL;
      };
    }

    boolean fits(JsonNode node) {
      return switch (this) {
        case TEXT -> node instanceof JsonNode.Text;
        case INTEGER ->
            node instanceof JsonNode.Numeral numeral
                && VaultResponse.INTEGER.matcher(numeral.literal()).matches();
        case TRUTH -> node instanceof JsonNode.Truth;
        case MEMBERS -> node instanceof JsonNode.Members;
        case ITEMS -> node instanceof JsonNode.Items;
      };
    }
  }

  /** The fields of the envelope in the order in which they are written. */
  private static final Map<String, Kind> ENVELOPE =
      inOrder(
          "request_id", Kind.TEXT,
          "lease_id", Kind.TEXT,
          "lease_duration", Kind.INTEGER,
          "renewable", Kind.TRUTH,
          "data", Kind.MEMBERS,
          "warnings", Kind.ITEMS,
          "auth", Kind.MEMBERS,
          "wrap_info", Kind.MEMBERS,
          "mount_type", Kind.TEXT);

  private static final Map<String, Kind> AUTH =
      inOrder(
          "client_token", Kind.TEXT,
          "accessor", Kind.TEXT,
          "policies", Kind.ITEMS,
          "token_policies", Kind.ITEMS,
          "identity_policies", Kind.ITEMS,
          "metadata", Kind.MEMBERS,
          "orphan", Kind.TRUTH,
          "entity_id", Kind.TEXT,
          "lease_duration", Kind.INTEGER,
          "renewable", Kind.TRUTH,
          "mfa_requirement", Kind.MEMBERS);

  private static final Map<String, Kind> WRAP_INFO =
      inOrder(
          "token", Kind.TEXT,
          "accessor", Kind.TEXT,
          "ttl", Kind.INTEGER,
          "creation_time", Kind.TEXT,
          "creation_path", Kind.TEXT,
          "wrapped_accessor", Kind.TEXT);

  private final Map<String, JsonNode> envelope;

  private VaultResponse(Map<String, JsonNode> envelope) {
    this.envelope = envelope;
  }

  private static Map<String, Kind> inOrder(Object... fields) {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      kinds.put((String) fields[i], (Kind) fields[i + 1]);
    }
    return kinds;
  }

  /**
   * The response in a body. What has no field of the envelope is data as a whole; what has nothing
   * but errors is no response.
   *
   * @throws MountFailure {@link Reason#STORE_UNAVAILABLE} if it is no JSON, or not of that form;
   *     nothing of it is told
   */
  static Optional<VaultResponse> parse(SecretBytes body) throws MountFailure {
    if (body.length() == 0) {
      return Optional.empty();
    }
    JsonNode document;
    try {
      document = JsonTree.readFirst("the answer", text(body));
    } catch (MountFailure e) {
      throw notUnderstood(syntaxProblem(body));
    }
    if (document instanceof JsonNode.Nothing) {
      return Optional.of(new VaultResponse(Map.of()));
    }
    if (!(document instanceof JsonNode.Members members)) {
      throw notUnderstood("the answer is no JSON object");
    }
    return ofMembers(members);
  }

  private static Optional<VaultResponse> ofMembers(JsonNode.Members members) throws MountFailure {
    Map<String, JsonNode> envelope = new LinkedHashMap<>();
    for (Map.Entry<String, Kind> field : ENVELOPE.entrySet()) {
      JsonNode value = members.byName().getOrDefault(field.getKey(), NULL);
      if (!(value instanceof JsonNode.Nothing)) {
        if (!field.getValue().fits(value)) {
          throw notUnderstood("\"" + field.getKey() + "\" in the answer has a wrong type");
        }
        if (!value.equals(field.getValue().absent())) {
          envelope.put(field.getKey(), value);
        }
      }
    }
    if (!envelope.isEmpty()) {
      return Optional.of(new VaultResponse(envelope));
    }
    boolean hasErrors = members.byName().containsKey("errors");
    if (hasErrors && members.byName().size() == 1) {
      return Optional.empty();
    }
    if (hasErrors) {
      throw notUnderstood(VaultErrors.joined(members, " "));
    }
    return Optional.of(
        new VaultResponse(members.byName().isEmpty() ? Map.of() : Map.of("data", members)));
  }

  /** The first value of a JSON text, for what is not a response. */
  static JsonNode json(SecretBytes body) throws MountFailure {
    return JsonTree.readFirst("the answer", text(body));
  }

  private static String text(SecretBytes body) {
    // As Go does: what is not UTF-8 is replaced.
    return new String(body.reveal(), StandardCharsets.UTF_8);
  }

  /** Go's words for the two bodies that people meet; no other tells a character of it. */
  private static String syntaxProblem(SecretBytes body) {
    String start = text(body).stripLeading();
    if (start.startsWith("--")) {
      return "invalid character '-' in numeric literal";
    }
    return start.startsWith("<")
        ? "invalid character '<' looking for beginning of value"
        : "the answer is not JSON, names a key twice, or is nested too deeply";
  }

  private static MountFailure notUnderstood(String problem) {
    return MountFailure.of(
        Reason.STORE_UNAVAILABLE,
        problem,
        "see whether the address and the path are the right ones");
  }

  /** Whether there is no data: also where only warnings came. */
  boolean isEmpty() {
    return !envelope.containsKey("data");
  }

  /** What the secret is. */
  JsonNode.Members data() {
    return envelope.get("data") instanceof JsonNode.Members members
        ? members
        : new JsonNode.Members(Map.of());
  }

  /** The keys and values of it: those of KV version 2 stand one level below. */
  JsonNode.Members pairs() {
    return data().byName().get("data") instanceof JsonNode.Members inner ? inner : data();
  }

  /** What the login brought, if it was one. */
  Optional<JsonNode> auth() {
    return Optional.ofNullable(envelope.get("auth"));
  }

  /** What stands in its place in a wrapped response. */
  Optional<JsonNode> wrapInfo() {
    return Optional.ofNullable(envelope.get("wrap_info"));
  }

  /** The lease, empty for none. */
  String leaseId() {
    return envelope.getOrDefault("lease_id", EMPTY).text();
  }

  /** Seconds; of a lease, or a mere hint. */
  long leaseSeconds() {
    return envelope.get("lease_duration") instanceof JsonNode.Numeral number
        ? Long.parseLong(number.literal())
        : 0;
  }

  /** Whether the lease can be renewed. */
  boolean isRenewable() {
    return envelope.get("renewable") instanceof JsonNode.Truth truth && truth.holds();
  }

  /** What the store wants to be known. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (envelope.get("warnings") instanceof JsonNode.Items items) {
      items.inOrder().forEach(item -> warnings.add(item.text()));
    }
    return warnings;
  }

  /** All of it, as the official providers write it. */
  String whole(VaultDialect dialect) {
    StringBuilder json = new StringBuilder("{");
    for (Map.Entry<String, Kind> field : ENVELOPE.entrySet()) {
      String name = field.getKey();
      JsonNode value = envelope.get(name);
      boolean optional =
          name.equals("auth") || name.equals("wrap_info") || name.equals("mount_type");
      boolean known = !name.equals("mount_type") || dialect.keepsMountType();
      if (known && (value != null || !optional)) {
        append(
            json, name, value == null ? GoJson.of(field.getValue().absent()) : member(name, value));
      }
    }
    return json.append('}').toString();
  }

  /** What of it is the same as long as the secret is: without request, lease and warnings. */
  String lasting() {
    StringBuilder json = new StringBuilder("{");
    for (String name : List.of("data", "auth", "wrap_info")) {
      JsonNode value = envelope.get(name);
      if (value != null) {
        append(json, name, member(name, value));
      }
    }
    return json.append('}').toString();
  }

  private static void append(StringBuilder json, String name, String value) {
    json.append(json.length() > 1 ? "," : "").append(GoJson.quoted(name)).append(':').append(value);
  }

  private static String member(String name, JsonNode value) {
    return switch (name) {
      case "auth" -> fixed(AUTH, value);
      case "wrap_info" -> fixed(WRAP_INFO, value);
      default -> GoJson.of(value);
    };
  }

  /** A struct of Go: its fields alone, in their order. */
  private static String fixed(Map<String, Kind> fields, JsonNode value) {
    StringBuilder json = new StringBuilder("{");
    fields.forEach(
        (name, kind) ->
            append(json, name, GoJson.of(value.at(name).filter(kind::fits).orElse(kind.absent()))));
    return json.append('}').toString();
  }

  @Override
  public String toString() {
    return "VaultResponse[redacted]";
  }
}
