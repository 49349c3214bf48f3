package io.keybearer.provider;

/**
 * What still mounts but should be changed; for the log and for lint.
 *
 * @param place where it stands
 * @param text lower case, no full stop; it holds no secret
 */
public record PlanWarning(Place place, String text) {}
