package io.keybearer.daemonset.manifest;

import io.keybearer.provider.text.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code spec.secretObjects}. */
final class SecretObjectReader {

  private static final String LIST = "secretObjects";
  private static final String ITEM = "spec.secretObjects[].";
  private static final String ENTRY = "spec.secretObjects[].data[].";
  private static final Set<String> OF_ITEM =
      Set.of("secretName", "type", "labels", "annotations", "data");
  private static final Set<String> OF_ENTRY = Set.of("objectName", "key");

  private SecretObjectReader() {}

  static List<SecretObject> read(Mapping spec, SchemaReader schema) {
    List<SecretObject> objects = new ArrayList<>();
    for (Mapping item : schema.mappings(spec, "spec.", LIST)) {
      schema.checkFields(item, ITEM, OF_ITEM);
      requireTexts(item, "labels", schema);
      requireTexts(item, "annotations", schema);
      List<SecretObject.Entry> data = new ArrayList<>();
      for (Mapping entry : schema.mappings(item, ITEM, "data")) {
        schema.checkFields(entry, ENTRY, OF_ENTRY);
        data.add(
            new SecretObject.Entry(
                schema.text(entry, ENTRY, "objectName"), schema.text(entry, ENTRY, "key")));
      }
      objects.add(
          new SecretObject(
              schema.spot(item.place()),
              schema.text(item, ITEM, "secretName"),
              schema.text(item, ITEM, "type"),
              data));
    }
    return objects;
  }

  private static void requireTexts(Mapping item, String field, SchemaReader schema) {
    schema
        .mapping(item, ITEM, field)
        .ifPresent(
            texts ->
                texts
                    .entries()
                    .keySet()
                    .forEach(key -> schema.text(texts, ITEM + field + ".", key)));
  }
}
