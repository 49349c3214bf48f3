package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.net.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a server answered. */
public record VaultAnswer(int status, HttpHeaders headers, String body) {

  /** What differs each time, and what stands for it in {@link #shape}. */
  private static final Map<String, String> VARYING =
      new LinkedHashMap<>(
          Map.of(
              "\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"",
              "UUID",
              "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\"",
              "TIME",
              "\"(s|hvs)\\.[A-Za-z0-9]{24}(\\.[A-Za-z0-9]{6})?\"",
              "TOKEN",
              "\"(b|hvb)\\.[A-Za-z0-9_.-]{100,}\"",
              "BATCH",
              "\"[A-Za-z0-9]{24}(\\.[A-Za-z0-9]{6})?\"",
              "NAME",
              "\"[^\"]+/[A-Za-z0-9]{24}(\\.[A-Za-z0-9]{6})?\"",
              "LEASE"));

  /** The body as JSON; an empty object where it is none. */
  public JsonNode json() {
    return Json.read(body).orElse(Json.EMPTY);
  }

  /** The text where these names lead. */
  public String text(String... names) {
    return json().text(names);
  }

  /** The number where these names lead. */
  public long number(String... names) {
    JsonNode node = json().at(names).orElse(Json.of(-1));
    return Long.parseLong(GoJson.text(node));
  }

  /** All that the JSON where these names lead says, as Go writes it; empty for none. */
  public String at(String... names) {
    return json().at(names).map(GoJson::text).orElse("");
  }

  /** The first error; empty where there is none. */
  public String error() {
    List<JsonNode> errors = json().items("errors");
    return errors.isEmpty() ? "" : errors.get(0).text();
  }

  /** A header; empty for none. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The token of a login, or of making one. */
  public String token() {
    return text("auth", "client_token");
  }

  /** Status and body, with a word instead of what differs each time. */
  public String shape() {
    String shape = body;
    for (Map.Entry<String, String> each : VARYING.entrySet()) {
      shape = shape.replaceAll(each.getKey(), each.getValue());
    }
    return (status + " " + shape).strip();
  }

  @Override
  public String toString() {
    return (status + " " + body).strip();
  }
}
