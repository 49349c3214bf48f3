package io.keybearer.provider;

/**
 * A file of the volume.
 *
 * @param path relative to the volume, with slashes
 * @param mode permission bits
 * @param contents what stands in it
 */
public record SecretFile(String path, int mode, SecretBytes contents) {}
