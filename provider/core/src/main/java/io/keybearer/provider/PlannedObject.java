package io.keybearer.provider;

/**
 * One object of a SecretProviderClass.
 *
 * @param name what its author calls it; failures name it so
 * @param login the session that reads it
 * @param reference what to read
 * @param rendering what files to make of it
 */
public record PlannedObject(String name, Login login, SecretRef reference, Rendering rendering) {}
