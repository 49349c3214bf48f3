package io.keybearer.provider;

/**
 * A file that a plan can name before anything is read.
 *
 * @param path in the volume; checked with the whole plan
 * @param mode its permissions; checked likewise
 */
public record PlannedFile(String path, int mode) {}
