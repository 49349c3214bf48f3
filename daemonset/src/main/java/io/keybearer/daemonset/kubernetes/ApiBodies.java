package io.keybearer.daemonset.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.cluster.PodEvents;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The JSON of what is sent to the API server. */
final class ApiBodies {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String COMPONENT = "keybearer";
  private static final String V1 = "v1";

  /** One way to write the members of an object. */
  @FunctionalInterface
  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private ApiBodies() {}

  /**
   * A new Event (<a
   * href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/">core/v1</a>).
   *
   * @param name its name
   * @param node this node's name
   */
  static String event(String name, PodIdentity pod, EventSeries.Told told, String node) {
    return object(
        json -> {
          json.writeStringField("apiVersion", V1);
          json.writeStringField("kind", "Event");
          json.writeObjectFieldStart("metadata");
          json.writeStringField("name", name);
          json.writeStringField("namespace", pod.namespace());
          json.writeEndObject();
          json.writeObjectFieldStart("involvedObject");
          writePod(json, pod);
          json.writeStringField("namespace", pod.namespace());
          json.writeEndObject();
          json.writeObjectFieldStart("source");
          json.writeStringField("component", COMPONENT);
          json.writeStringField("host", node);
          json.writeEndObject();
          json.writeStringField("reportingComponent", COMPONENT);
          json.writeStringField("reportingInstance", node);
          json.writeStringField(
              "type", told.severity() == PodEvents.Severity.WARNING ? "Warning" : "Normal");
          json.writeStringField("reason", told.reason());
          json.writeStringField("firstTimestamp", seconds(told.first()));
          writeOccurrences(json, told);
        });
  }

  /** What changes in an Event that is told again, by the rules of RFC 7396. */
  static String repeatedEvent(EventSeries.Told told) {
    return object(json -> writeOccurrences(json, told));
  }

  private static void writeOccurrences(JsonGenerator json, EventSeries.Told told)
      throws IOException {
    json.writeStringField("message", told.message());
    json.writeStringField("lastTimestamp", seconds(told.last()));
    json.writeNumberField("count", told.count());
  }

  /**
   * A TokenRequest (<a
   * href="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/">authentication.k8s.io/v1</a>)
   * for a token that dies with its pod.
   *
   * @param audience empty for the API server's own
   */
  static String tokenRequest(PodIdentity pod, String audience, Duration life) {
    return object(
        json -> {
          json.writeStringField("apiVersion", "authentication.k8s.io/v1");
          json.writeStringField("kind", "TokenRequest");
          json.writeObjectFieldStart("spec");
          json.writeArrayFieldStart("audiences");
          if (!audience.isEmpty()) {
            json.writeString(audience);
          }
          json.writeEndArray();
          json.writeNumberField("expirationSeconds", life.toSeconds());
          json.writeObjectFieldStart("boundObjectRef");
          writePod(json, pod);
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static void writePod(JsonGenerator json, PodIdentity pod) throws IOException {
    json.writeStringField("apiVersion", V1);
    json.writeStringField("kind", "Pod");
    json.writeStringField("name", pod.name());
    json.writeStringField("uid", pod.uid());
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String object(Members members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
