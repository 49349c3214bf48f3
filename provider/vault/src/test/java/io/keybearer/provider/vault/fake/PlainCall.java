package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One POST over a connection of its own, for a server that asks another. */
final class PlainCall {

  private static final int MOST_MILLIS = 5000;

  private PlainCall() {}

  /**
   * The JSON of a 2xx answer.
   *
   * @param authority the PEM of who has signed the certificate of an HTTPS server
   */
  static JsonNode post(String address, String authority, String bearer, byte[] body)
      throws IOException {
    URI uri = URI.create(address);
    try (Socket socket = connected(uri, authority)) {
      socket.setSoTimeout(MOST_MILLIS);
      String head =
          "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nConnection: close\r\n"
              .formatted(uri.getRawPath(), uri.getAuthority(), bearer);
      String type =
          "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(body.length);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes((head + type).getBytes(StandardCharsets.US_ASCII));
      request.writeBytes(body);
      socket.getOutputStream().write(request.toByteArray());
      InputStream in = new BufferedInputStream(socket.getInputStream());
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      if (end < 0 || !answer.startsWith("HTTP/1.1 2")) {
        throw new IOException("no good answer");
      }
      return Json.read(answer.substring(end + 4))
          .orElseThrow(() -> new IOException("an answer that is no JSON"));
    }
  }

  private static Socket connected(URI uri, String authority) throws IOException {
    return uri.getScheme().equals("https")
        ? FakeAuthority.trusting(authority)
            .getSocketFactory()
            .createSocket(uri.getHost(), uri.getPort())
        : new Socket(uri.getHost(), uri.getPort());
  }
}
