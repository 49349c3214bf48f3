package io.keybearer.daemonset.manifest;

/**
 * Where something stands in a file.
 *
 * @param line from 1; 0 for the file as a whole
 * @param column in characters, from 1; 0 for the file as a whole
 */
public record Spot(int line, int column) {

  /** The file as a whole. */
  public static final Spot WHOLE_FILE = new Spot(0, 0);
}
