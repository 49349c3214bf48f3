package io.keybearer.daemonset.manifest;

import java.util.Locale;

/** Everything that a finding can be about. */
public enum Rule {
  /** A file or folder that can't be read. */
  FILE_UNREADABLE(Severity.ERROR),
  /** Bytes that are not UTF-8. */
  NOT_UTF_8(Severity.ERROR),
  /** A document that is not YAML. */
  YAML_SYNTAX(Severity.ERROR),
  /** Input that is larger or deeper than anybody would write. */
  TOO_LARGE(Severity.ERROR),
  /** Findings that are left out. */
  TOO_MANY_FINDINGS(Severity.ERROR),
  /** Input without any SecretProviderClass. */
  NOTHING_TO_CHECK(Severity.NOTE),
  /** An {@code apiVersion} that the driver does not serve. */
  API_VERSION(Severity.ERROR),
  /** An {@code apiVersion} that the driver will stop to serve. */
  OLD_API_VERSION(Severity.WARNING),
  /** A kind that the driver does not have. */
  UNKNOWN_KIND(Severity.ERROR),
  /** A name or a namespace that Kubernetes refuses. */
  NAME(Severity.ERROR),
  /** A field that a SecretProviderClass does not have. */
  UNKNOWN_FIELD(Severity.ERROR),
  /** A field with something else in it than a SecretProviderClass has there. */
  WRONG_TYPE(Severity.ERROR),
  /** A {@code provider} that is missing, or that no provider can be called. */
  PROVIDER_NAME(Severity.ERROR),
  /** A provider that is nearly called as one of this build. */
  MISSPELT_PROVIDER(Severity.WARNING),
  /** A provider that this build does not have. */
  UNCHECKED_PROVIDER(Severity.NOTE),
  /** A SecretProviderClass without parameters. */
  NO_PARAMETERS(Severity.ERROR),
  /** A parameter that YAML makes a number, a boolean, a list, a map or nothing of. */
  PARAMETER_NOT_TEXT(Severity.ERROR),
  /** A SecretProviderClass that stands there twice. */
  DUPLICATE_CLASS(Severity.WARNING),
  /** More text than {@code kubectl apply} or the API server takes. */
  SIZE(Severity.WARNING),
  /** What the store refuses to plan. */
  PLAN_REFUSED(Severity.ERROR),
  /** What the administrator's settings forbid. */
  NOT_ALLOWED(Severity.ERROR),
  /** What the store takes and warns of. */
  PLAN_WARNING(Severity.WARNING),
  /** A path or a mode of a file that can't be. */
  VOLUME_FILE(Severity.ERROR),
  /** A mode that the driver writes in another way. */
  CHANGED_MODE(Severity.WARNING),
  /** A mode that lets only root read. */
  ROOT_ONLY_MODE(Severity.WARNING),
  /** A parameter that the store does not know. */
  UNKNOWN_PARAMETER(Severity.WARNING),
  /** A field inside a parameter that the store does not know. */
  UNKNOWN_PARAMETER_FIELD(Severity.WARNING),
  /** A Kubernetes Secret that the driver or the API server refuses. */
  SECRET_OBJECT(Severity.ERROR),
  /** A Kubernetes Secret made of a file that is not in the volume. */
  SECRET_OBJECT_FILE(Severity.ERROR),
  /** A Secret's type that the driver does not know. */
  SECRET_TYPE(Severity.WARNING),
  /** A Secret, or a key of one, that is written twice. */
  DUPLICATE_SECRET(Severity.WARNING);

  private final Severity severity;

  Rule(Severity severity) {
    this.severity = severity;
  }

  /** How much a finding of it matters. */
  public Severity severity() {
    return severity;
  }

  /** Its name for people and scripts, such as {@code yaml-syntax}; it does not change. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
