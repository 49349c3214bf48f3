package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.FakeRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The {@code Authorization} of a request, as <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html">AWS Signature
 * Version 4</a> has it.
 */
record SignatureVersion4(
    String accessKeyId,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String signature) {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final Pattern HEADER =
      Pattern.compile(
          ALGORITHM
              + " Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
              + "SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

  /** Nothing where the request is not signed so. */
  static Optional<SignatureVersion4> parse(String authorization) {
    Matcher found = HEADER.matcher(authorization);
    return found.matches()
        ? Optional.of(
            new SignatureVersion4(
                found.group(1),
                found.group(2),
                found.group(3),
                found.group(4),
                List.of(found.group(5).split(";", -1)),
                found.group(6)))
        : Optional.empty();
  }

  /** Whether who knows that secret has signed this request as it arrived. */
  boolean fits(FakeRequest request, String secretAccessKey) {
    String scope = date + "/" + region + "/" + service + "/aws4_request";
    String toSign =
        ALGORITHM
            + "\n"
            + request.header("X-Amz-Date")
            + "\n"
            + scope
            + "\n"
            + sha256(canonical(request));
    byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(date, region, service, "aws4_request")) {
      key = hmac(key, part);
    }
    String expected = HexFormat.of().formatHex(hmac(key, toSign));
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        signature.getBytes(StandardCharsets.US_ASCII));
  }

  private String canonical(FakeRequest request) {
    String headers =
        signedHeaders.stream()
            .map(name -> name + ":" + request.header(name).replaceAll(" +", " ").strip() + "\n")
            .collect(Collectors.joining());
    return String.join(
        "\n",
        request.method(),
        path(request.rawPath()),
        query(request.rawQuery()),
        headers,
        String.join(";", signedHeaders),
        sha256(request.body()));
  }

  /** Every segment is escaped once more than it was on the wire. */
  private static String path(String raw) {
    return Arrays.stream(raw.split("/", -1))
        .map(SignatureVersion4::escape)
        .collect(Collectors.joining("/"));
  }

  private static String query(String raw) {
    Map<String, String> sorted = new TreeMap<>();
    FakeRequest.form(raw).forEach((name, value) -> sorted.put(escape(name), escape(value)));
    return sorted.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("&"));
  }

  private static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return out.toString();
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
