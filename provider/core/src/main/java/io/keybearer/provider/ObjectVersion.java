package io.keybearer.provider;

/**
 * What the driver records in the SecretProviderClassPodStatus, readable by many: no secret, and no
 * bare hash of one.
 *
 * @param id unique in the volume and stable
 * @param version changes exactly when the content does
 */
public record ObjectVersion(String id, String version) {}
