package io.keybearer.provider.aws;

import io.keybearer.provider.Place;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code objects}. Texts are as they stand in the manifest, empty where they are left
 * out.
 *
 * @param name a name or an ARN
 * @param type which service it is of; empty for that of the ARN
 * @param alias the name of its file; empty for the object's own
 * @param version of the object
 * @param label of the object
 * @param permission the file's mode, four octal digits; empty for the request's
 * @param paths files that are taken out of its JSON
 * @param failover what the failover region is asked for in its place
 * @param more what the official provider ignores
 * @param place where it stands
 */
record AwsObject(
    String name,
    String type,
    String alias,
    String version,
    String label,
    String permission,
    List<JmesEntry> paths,
    AwsName failover,
    More more,
    Place place) {

  /**
   * A file that is taken out of an object's JSON.
   *
   * @param path a JMESPath expression
   * @param alias the name of its file
   * @param permission empty for that of the object
   * @param format empty for a string alone, {@code json} for any value
   * @param encoding how the string is written; empty for as it is
   * @param place where it stands
   */
  record JmesEntry(
      String path, String alias, String permission, String format, String encoding, Place place) {}

  /**
   * What the official provider ignores.
   *
   * @param everyKey whether each key of its JSON becomes a file, in place of the whole
   * @param prefix what stands before a key in a file's path; nothing for the object's as a folder
   * @param encoding how the value is written; empty for as it is
   * @param optional whether it may be missing
   * @param extent how much is read
   */
  record More(
      boolean everyKey,
      Optional<String> prefix,
      String encoding,
      boolean optional,
      AwsRef.Extent extent) {}

  /** What the region is asked for. */
  AwsName primary() {
    return new AwsName(name, version, label);
  }

  /** What the failover region is asked for: field by field, else as the first one. */
  AwsName inFailover() {
    return new AwsName(
        failover.name().isEmpty() ? name : failover.name(),
        failover.version().isEmpty() ? version : failover.version(),
        failover.label().isEmpty() ? label : failover.label());
  }

  /** The name of its file, before slashes are translated. */
  String fileName() {
    return alias.isEmpty() ? name : alias;
  }
}
