package io.keybearer.daemonset.leases;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.reader.KeptMount;
import io.keybearer.provider.reader.KeptMount.KeptSession;
import io.keybearer.provider.reader.KeptMount.KeptValue;
import io.keybearer.provider.reader.KeptMount.Life;
import io.keybearer.provider.reader.KeptMount.Visits;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A record as its file holds it: one JSON object, with secrets in Base64. */
final class LeaseJson {

  /** Another number for what an earlier Keybearer could not read. */
  static final int FORMAT = 1;

  private static final Duration LONGEST = Duration.ofDays(3650);

  private LeaseJson() {}

  /** The bytes of a record. */
  static byte[] write(KeptMount record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeNumberField("revision", record.revision());
      json.writeStringField("targetPath", record.mount().targetPath());
      PodIdentity pod = record.pod();
      json.writeObjectFieldStart("pod");
      json.writeStringField("namespace", pod.namespace());
      json.writeStringField("name", pod.name());
      json.writeStringField("uid", record.mount().podUid());
      json.writeStringField("serviceAccount", pod.serviceAccount());
      json.writeEndObject();
      json.writeObjectFieldStart("visits");
      json.writeBooleanField("answered", record.visits().answered());
      json.writeNumberField("republishes", record.visits().republishes());
      json.writeStringField("longestPause", record.visits().longestPause().toString());
      json.writeEndObject();
      json.writeArrayFieldStart("sessions");
      for (KeptSession session : record.sessions()) {
        write(json, session);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("values");
      for (KeptValue value : record.values()) {
        write(json, value);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, KeptSession session) throws IOException {
    SessionKey key = session.key();
    json.writeStartObject();
    json.writeStringField("id", session.id());
    json.writeStringField("backend", key.backend());
    json.writeStringField("address", key.endpoint().address());
    write(json, "connection", key.endpoint().settings());
    write(json, "login", key.settings());
    json.writeStringField("namespace", key.namespace());
    json.writeStringField("serviceAccount", key.serviceAccount());
    json.writeStringField("serviceAccountUid", session.serviceAccountUid());
    json.writeStringField("secrets", session.secrets());
    json.writeBooleanField("reusable", session.reusable());
    json.writeBinaryField("state", session.state().reveal());
    write(json, session.life());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, Map<String, String> texts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Life life) throws IOException {
    json.writeStringField("granted", life.granted().toString());
    json.writeStringField("ends", life.ends().toString());
    json.writeStringField("longest", life.longest().toString());
    json.writeBooleanField("renewable", life.renewable());
  }

  private static void write(JsonGenerator json, KeptValue value) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", value.id());
    json.writeStringField("session", value.session());
    json.writeStringField("reference", value.name());
    json.writeStringField("mintedFor", value.value().mintedFor().toString());
    json.writeBooleanField("refused", value.refused());
    write(json, value.life());
    json.writeArrayFieldStart("items");
    for (SecretValue.Item item : value.value().items()) {
      json.writeStartObject();
      json.writeStringField("name", item.name());
      json.writeStringField("version", item.version());
      json.writeBinaryField("bytes", item.bytes().reveal());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /**
   * The record of these bytes.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if they are none, or of another format;
   *     the text says nothing of what they hold
   */
  static KeptMount read(byte[] bytes) throws MountFailure {
    JsonNode json = JsonTree.read("a lease record", bytes);
    String format = literal(json, "format");
    if (!format.equals(Integer.toString(FORMAT))) {
      throw unreadable("it has another format than " + FORMAT);
    }
    try {
      return record(json);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      // Not its message, which may quote a secret.
      throw unreadable("a field has no sense");
    }
  }

  private static MountFailure unreadable(String why) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, "a lease record: " + why);
  }

  private static KeptMount record(JsonNode json) {
    MountId mount = new MountId(json.text("pod", "uid"), json.text("targetPath"));
    PodIdentity pod =
        new PodIdentity(
            json.text("pod", "namespace"),
            json.text("pod", "name"),
            json.text("pod", "uid"),
            json.text("pod", "serviceAccount"));
    Visits visits =
        new Visits(
            isTrue(json, "visits", "answered"),
            Integer.parseInt(literal(json, "visits", "republishes")),
            duration(json, "visits", "longestPause"));
    List<KeptSession> sessions = new ArrayList<>();
    json.items("sessions").forEach(session -> sessions.add(session(session)));
    List<KeptValue> values = new ArrayList<>();
    json.items("values").forEach(value -> values.add(value(value)));
    long revision = Long.parseLong(literal(json, "revision"));
    return new KeptMount(mount, pod, revision, visits, sessions, values);
  }

  private static KeptSession session(JsonNode json) {
    return new KeptSession(
        json.text("id"),
        new SessionKey(
            json.text("backend"),
            new Endpoint(json.text("address"), json.texts("connection")),
            json.texts("login"),
            json.text("namespace"),
            json.text("serviceAccount")),
        json.text("serviceAccountUid"),
        json.text("secrets"),
        isTrue(json, "reusable"),
        bytes(json, "state"),
        life(json));
  }

  private static KeptValue value(JsonNode json) {
    List<SecretValue.Item> items = new ArrayList<>();
    for (JsonNode item : json.items("items")) {
      items.add(
          new SecretValue.Item(item.text("name"), item.text("version"), bytes(item, "bytes")));
    }
    return new KeptValue(
        json.text("id"),
        json.text("session"),
        json.text("reference"),
        new SecretValue(items, duration(json, "mintedFor")),
        life(json),
        isTrue(json, "refused"));
  }

  private static Life life(JsonNode json) {
    return new Life(
        Instant.parse(json.text("granted")),
        Instant.parse(json.text("ends")),
        duration(json, "longest"),
        isTrue(json, "renewable"));
  }

  private static SecretBytes bytes(JsonNode json, String name) {
    return SecretBytes.copyOf(Base64.getDecoder().decode(json.text(name)));
  }

  private static Duration duration(JsonNode json, String... names) {
    Duration duration = Duration.parse(json.text(names));
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("out of bounds");
    }
    return duration;
  }

  private static String literal(JsonNode json, String... names) {
    return json.at(names)
        .filter(JsonNode.Numeral.class::isInstance)
        .map(JsonNode.Numeral.class::cast)
        .map(JsonNode.Numeral::literal)
        .orElse("");
  }

  private static boolean isTrue(JsonNode json, String... names) {
    return json.at(names)
        .filter(JsonNode.Truth.class::isInstance)
        .map(JsonNode.Truth.class::cast)
        .map(JsonNode.Truth::holds)
        .orElse(false);
  }
}
