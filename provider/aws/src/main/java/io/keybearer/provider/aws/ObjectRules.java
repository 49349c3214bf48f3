package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The official provider's rules for entries of {@code objects}, in its order and with its texts.
 */
final class ObjectRules {

  private static final Pattern PERMISSION = Pattern.compile("[0-7]{4}");
  private static final Pattern CLIMBING = Pattern.compile("(/\\.\\./)|(^\\.\\./)|(/\\.\\.$)");

  private final String region;
  private final String failoverRegion;
  private final PathTranslation translation;
  private final Map<String, AwsObject> byName = new HashMap<>();
  private final Set<String> aliases = new HashSet<>();

  /**
   * Rules for one list.
   *
   * @param region empty where it is not known yet
   * @param failoverRegion empty for none
   */
  ObjectRules(String region, String failoverRegion, PathTranslation translation) {
    this.region = region;
    this.failoverRegion = failoverRegion;
    this.translation = translation;
  }

  /**
   * The service of an object that keeps to them.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for the first that it breaks
   */
  AwsService service(AwsObject object) throws MountFailure {
    AwsService service = ObjectNames.service(object.name(), object.type(), region);
    boolean parameter = service == AwsService.PARAMETER_STORE;
    if (parameter && !object.version().isEmpty() && !object.label().isEmpty()) {
      throw twoSelectors(object);
    }
    if (CLIMBING.matcher(translation.of(object.fileName())).find()) {
      throw wrong(
          "path can not contain ../: " + PlainText.of(object.name()),
          "give it an objectAlias without");
    }
    requirePermission(object.permission());
    for (AwsObject.JmesEntry entry : object.paths()) {
      requireEntry(entry);
    }
    if (!object.failover().name().isEmpty()) {
      requireFailover(object, parameter);
    }
    requireDistinct(object);
    return service;
  }

  private static MountFailure twoSelectors(AwsObject object) {
    return wrong(
        "ssm parameters can not specify both objectVersion and objectVersionLabel: "
            + PlainText.of(object.name()),
        "keep one of them");
  }

  private static void requirePermission(String permission) throws MountFailure {
    if (!permission.isEmpty() && !PERMISSION.matcher(permission).matches()) {
      throw wrong(
          "Invalid File Permission: " + PlainText.of(permission),
          "write four octal digits: \"0640\"");
    }
  }

  private static void requireEntry(AwsObject.JmesEntry entry) throws MountFailure {
    try {
      if (entry.path().isEmpty()) {
        throw wrong("Path must be specified for JMES object", "give the entry a path");
      }
      if (entry.alias().isEmpty()) {
        throw wrong("Object alias must be specified for JMES object", "give it an objectAlias");
      }
      requirePermission(entry.permission());
    } catch (MountFailure failure) {
      throw failure.in(entry.place());
    }
  }

  private void requireFailover(AwsObject object, boolean parameter) throws MountFailure {
    String name = PlainText.of(object.name());
    if (object.alias().isEmpty()) {
      throw wrong(
          "object alias must be specified for objects with failover entries: " + name,
          "give it an objectAlias: the file has one name in both regions");
    }
    if (failoverRegion.isEmpty()) {
      throw wrong(
          "failover object allowed only when failover region is defined: " + name,
          "set the parameter failoverRegion");
    }
    AwsName failover = object.failover();
    ObjectNames.service(failover.name(), object.type(), failoverRegion);
    if (parameter && !failover.version().isEmpty() && !failover.label().isEmpty()) {
      throw twoSelectors(object);
    }
    if (!failover.version().equals(object.version())) {
      throw wrong(
          "object versions must match between primary and failover regions: " + name,
          "write one objectVersion for both, or none");
    }
  }

  private void requireDistinct(AwsObject object) throws MountFailure {
    AwsObject earlier = byName.put(object.name(), object);
    if (earlier != null
        && earlier.alias().equals(object.alias())
        && earlier.label().equals(object.label())) {
      throw wrong(
          "found descriptor with duplicate object name "
              + PlainText.of(object.name())
              + (object.alias().isEmpty()
                  ? ", no object alias"
                  : ", duplicate object alias " + PlainText.of(object.alias()))
              + (object.label().isEmpty()
                  ? ", and no version label"
                  : ", and duplicate version label " + PlainText.of(object.label())),
          "give each of them another objectAlias");
    }
    if (!object.alias().isEmpty()) {
      requireNew(object.alias(), "", object.place());
    }
    for (AwsObject.JmesEntry entry : object.paths()) {
      requireNew(entry.alias(), entry.path(), entry.place());
    }
  }

  private void requireNew(String alias, String path, Place place) throws MountFailure {
    if (!aliases.add(alias)) {
      String found = "found duplicate object alias " + PlainText.of(alias);
      throw wrong(
              path.isEmpty()
                  ? found
                  : "Name already in use for objectAlias: "
                      + found
                      + " in JMES path entry "
                      + PlainText.of(path),
              "give each file a name of its own")
          .in(place);
    }
  }

  private static MountFailure wrong(String official, String remedy) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, official, remedy);
  }
}
