package io.keybearer.daemonset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.provider.MountFailure;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What kubelet and the driver would ask for, if the pod that was told mounted a class: in the
 * driver's own words, so that nothing is understood in another way than there.
 */
final class KubeletRequest {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String POD = "csi.storage.k8s.io/pod.";

  /** What the driver sends as the files' mode: a JSON number, 0644. */
  private static final String PERMISSION = "420";

  /** More than any token, and as much as a Secret holds. */
  private static final int MOST_BYTES = 1024 * 1024;

  private KubeletRequest() {}

  /**
   * The request; files are read anew with each.
   *
   * @throws MountFailure if a file can't be read, or as {@link DriverRequest#parse} does
   */
  static DriverRequest of(SecretProviderClassManifest manifest, MountSettings settings)
      throws MountFailure {
    String target = settings.target().toAbsolutePath().normalize().toString();
    Map<String, String> attributes = new LinkedHashMap<>(manifest.parameters());
    attributes.putAll(settings.volumeAttributes());
    MountSettings.Pod pod = settings.pod();
    attributes.put("secretProviderClass", manifest.name());
    attributes.put(POD + "namespace", namespace(manifest, pod));
    attributes.put(POD + "name", pod.name());
    attributes.put(POD + "uid", pod.uid().isEmpty() ? uidOf(target) : pod.uid());
    attributes.put("csi.storage.k8s.io/serviceAccount.name", pod.serviceAccount());
    attributes.remove(DriverRequest.TOKENS);
    if (!pod.tokens().isEmpty()) {
      attributes.put(DriverRequest.TOKENS, tokens(pod.tokens()));
    }
    return DriverRequest.parse(
        json(attributes),
        json(contents("node-publish-secret", pod.nodePublishSecret())),
        target,
        PERMISSION);
  }

  private static String namespace(SecretProviderClassManifest manifest, MountSettings.Pod pod) {
    if (!pod.namespace().isEmpty()) {
      return pod.namespace();
    }
    return manifest.namespace().isEmpty() ? "default" : manifest.namespace();
  }

  private static String uidOf(String target) {
    return UUID.nameUUIDFromBytes(target.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static Map<String, String> contents(String flag, Map<String, Path> files)
      throws MountFailure {
    Map<String, String> contents = new LinkedHashMap<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      byte[] bytes = InputFile.of(file.getValue(), flag, MOST_BYTES);
      contents.put(file.getKey(), new String(bytes, StandardCharsets.UTF_8));
    }
    return contents;
  }

  /** As kubelet writes them, but for the time when they expire: that stands in the token too. */
  private static String tokens(Map<String, Path> files) throws MountFailure {
    Map<String, String> contents = contents("token", files);
    return json(
        out -> {
          for (Map.Entry<String, String> token : contents.entrySet()) {
            out.writeObjectFieldStart(token.getKey());
            out.writeStringField("token", token.getValue().strip());
            out.writeEndObject();
          }
        });
  }

  private static String json(Map<String, String> strings) {
    return json(
        out -> {
          for (Map.Entry<String, String> entry : strings.entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
          }
        });
  }

  /** What stands in a JSON object. */
  @FunctionalInterface
  private interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  private static String json(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
