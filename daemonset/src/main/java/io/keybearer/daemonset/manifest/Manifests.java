package io.keybearer.daemonset.manifest;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.YamlReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a file of Kubernetes manifests holds: YAML of several documents, what Helm prints, lists of
 * objects, or JSON. Whatever it is, there are findings and no exception.
 *
 * @param documents how many documents there are, of any kind
 * @param classes the SecretProviderClasses, in their order
 * @param findings what is wrong with the file and with these as manifests
 */
public record Manifests(
    int documents, List<SecretProviderClassManifest> classes, List<Finding> findings) {

  /** The largest file that is read: several times what the largest charts print. */
  public static final int MOST_BYTES = 10 * 1024 * 1024;

  /** More than a definition of any resource nests, and a list of a thousand objects has. */
  private static final YamlReader.Limits LIMITS = new YamlReader.Limits(128, 200_000);

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char REPLACEMENT = '\uFFFD';

  /** Copies the lists. */
  public Manifests {
    classes = List.copyOf(classes);
    findings = List.copyOf(findings);
  }

  /**
   * Reads a file.
   *
   * @param file its name, for findings
   * @param content its bytes, at most {@link #MOST_BYTES}
   */
  public static Manifests read(String file, byte[] content) {
    Findings findings = new Findings(file);
    if (content.length > MOST_BYTES) {
      findings.add(
          Rule.TOO_LARGE,
          Spot.WHOLE_FILE,
          "",
          "more than " + MOST_BYTES / 1024 / 1024 + " MiB; split it");
      return new Manifests(1, List.of(), findings.all());
    }
    ManifestText text = new ManifestText(decode(content));
    checkEncoding(content, text, findings);
    SchemaReader schema = new SchemaReader(text, findings);
    ClassReader classes = new ClassReader(schema);
    List<ManifestDocument> documents = ManifestDocument.split(text);
    for (ManifestDocument document : documents) {
      schema.startDocument(document.firstLine());
      OptionalInt control = document.controlCharacter();
      if (control.isEmpty()) {
        read(document, schema, classes);
      } else {
        int start = text.offset(new Spot(document.firstLine(), 1));
        schema.tell(
            Rule.YAML_SYNTAX,
            text.spot(start + control.getAsInt()),
            "YAML does not allow this control character; write it as an escape in double quotes");
      }
    }
    return new Manifests(documents.size(), classes.found(), findings.all());
  }

  private static String decode(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /** Tells the first byte that is not UTF-8; the decoder has put a sign of its own there. */
  private static void checkEncoding(byte[] content, ManifestText text, Findings findings) {
    if (text.text().indexOf(REPLACEMENT) < 0) {
      return;
    }
    CharBuffer before = CharBuffer.allocate(content.length + 1);
    boolean wrong =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(content), before, true)
            .isError();
    if (wrong) {
      before.flip();
      boolean marked = before.length() > 0 && before.charAt(0) == BYTE_ORDER_MARK;
      boolean wide = content.length > 1 && (content[0] & content[1] & 0xFE) == 0xFE;
      findings.add(
          Rule.NOT_UTF_8,
          text.spot(before.length() - (marked ? 1 : 0)),
          "",
          wide
              ? "this is UTF-16; save it as UTF-8"
              : "this byte is not UTF-8; save the file as UTF-8");
    }
  }

  private static void read(ManifestDocument document, SchemaReader schema, ClassReader classes) {
    try {
      if (document.mentionsClasses()) {
        classes.read(YamlReader.readWhole("", document.yaml(), LIMITS));
      } else {
        YamlReader.requireSyntax("", document.yaml());
      }
    } catch (MountFailure failure) {
      schema.tell(
          Rule.YAML_SYNTAX,
          schema.spot(failure.place()),
          document.looksLikeTemplate()
              ? "not valid YAML, but a template; render it first: helm template . | keybearer lint -"
              : failure.cause());
    }
  }
}
