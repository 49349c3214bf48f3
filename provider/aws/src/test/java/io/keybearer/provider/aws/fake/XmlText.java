package io.keybearer.provider.aws.fake;

import io.keybearer.provider.text.JsonNode;
import java.util.UUID;

/** The answers of the query protocol. */
final class XmlText {

  private XmlText() {}

  static String answer(String operation, String namespace, JsonNode result) {
    return "<%1$sResponse xmlns=\"%2$s\"><%1$sResult>%3$s</%1$sResult>%4$s</%1$sResponse>"
        .formatted(
            operation,
            namespace,
            write(result),
            "<ResponseMetadata><RequestId>"
                + UUID.randomUUID()
                + "</RequestId></ResponseMetadata>");
  }

  static String error(String namespace, String code, String text, int status) {
    return ("<ErrorResponse xmlns=\"%s\"><Error><Type>%s</Type><Code>%s</Code>"
            + "<Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>")
        .formatted(
            namespace,
            status < 500 ? "Sender" : "Receiver",
            escape(code),
            escape(text),
            UUID.randomUUID());
  }

  private static String write(JsonNode node) {
    StringBuilder out = new StringBuilder();
    node.members()
        .forEach(
            (name, value) ->
                out.append('<')
                    .append(name)
                    .append('>')
                    .append(
                        value instanceof JsonNode.Text text ? escape(text.text()) : write(value))
                    .append("</")
                    .append(name)
                    .append('>'));
    return out.toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
