package io.keybearer.provider;

/**
 * Where something stands in a SecretProviderClass.
 *
 * @param parameter the parameter that holds it
 * @param line in the parameter's text, from 1; 0 for the parameter as a whole
 * @param column from 1; 0 for the parameter as a whole
 */
public record Place(String parameter, int line, int column) {

  /** What stands between a place and the problem there. */
  static final String BEFORE_PROBLEM = ": ";

  /** The parameter as a whole. */
  public static Place of(String parameter) {
    return new Place(parameter, 0, 0);
  }

  /** A failure here whose text tells the place; {@code problem} follows it. */
  public MountFailure failure(String problem, String remedy) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, this + BEFORE_PROBLEM + problem, remedy)
        .in(this);
  }

  /** Whether it is the parameter as a whole. */
  public boolean isWhole() {
    return line == 0;
  }

  @Override
  public String toString() {
    return isWhole() ? parameter : parameter + ", line " + line + ", column " + column;
  }
}
