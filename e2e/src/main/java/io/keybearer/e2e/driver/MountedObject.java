package io.keybearer.e2e.driver;

/** One object that a provider reported for a volume. */
public record MountedObject(String id, String version) {}
