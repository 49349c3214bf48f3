package io.keybearer.daemonset.manifest;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.YamlReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
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

  /** The largest file that is read: more than the largest charts print. */
  public static final int MOST_BYTES = 8 * 1024 * 1024;

  /** More than a SecretProviderClass nests, and a list of a thousand objects has. */
  private static final YamlReader.Limits LIMITS = new YamlReader.Limits(128, 200_000);

  /** More than the definition of any other resource nests. */
  private static final int DEEPEST = 1_000;

  private static final int CHUNK = 8 * 1024;

  /** The bytes that some editors put first, as Latin-1 has them. */
  private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

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
    int start = isMarked(content) ? BYTE_ORDER_MARK.length() : 0;
    ManifestText text =
        new ManifestText(
            new String(content, start, content.length - start, StandardCharsets.UTF_8));
    checkEncoding(content, start, text, findings);
    SchemaReader schema = new SchemaReader(text, findings);
    ClassReader classes = new ClassReader(schema);
    List<ManifestDocument> documents = ManifestDocument.split(text);
    for (ManifestDocument document : documents) {
      schema.startDocument(document.firstLine());
      document
          .controlCharacter()
          .ifPresentOrElse(
              at -> tellControlCharacter(text.offset(document) + at, text, schema),
              () -> read(document, schema, classes));
    }
    return new Manifests(documents.size(), classes.found(), findings.all());
  }

  private static boolean isMarked(byte[] content) {
    return new String(
            content,
            0,
            Math.min(content.length, BYTE_ORDER_MARK.length()),
            StandardCharsets.ISO_8859_1)
        .equals(BYTE_ORDER_MARK);
  }

  /** Tells the first byte that is not UTF-8; the decoder has put a sign of its own there. */
  private static void checkEncoding(
      byte[] content, int start, ManifestText text, Findings findings) {
    if (text.text().indexOf(REPLACEMENT) < 0) {
      return;
    }
    boolean wide = content.length > 1 && (content[0] & content[1] & 0xFE) == 0xFE;
    firstWrong(ByteBuffer.wrap(content, start, content.length - start))
        .ifPresent(
            before ->
                findings.add(
                    Rule.NOT_UTF_8,
                    text.spot(before),
                    "",
                    wide
                        ? "this is UTF-16; save it as UTF-8"
                        : "this byte is not UTF-8; save the file as UTF-8"));
  }

  /** How many characters stand before the first byte that is not UTF-8. */
  private static OptionalInt firstWrong(ByteBuffer bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    CharBuffer some = CharBuffer.allocate(CHUNK);
    int before = 0;
    while (true) {
      CoderResult result = decoder.decode(bytes, some, true);
      before += some.position();
      some.clear();
      if (!result.isOverflow()) {
        return result.isError() ? OptionalInt.of(before) : OptionalInt.empty();
      }
    }
  }

  private static void tellControlCharacter(int offset, ManifestText text, SchemaReader schema) {
    schema.tell(
        Rule.YAML_SYNTAX,
        text.spot(offset),
        "YAML does not allow this control character; write it as an escape in double quotes");
  }

  private static void read(ManifestDocument document, SchemaReader schema, ClassReader classes) {
    try {
      if (document.mentionsClasses()) {
        classes.read(YamlReader.readWhole("", document.yaml(), LIMITS));
      } else {
        YamlReader.requireSyntax("", document.yaml(), DEEPEST);
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
