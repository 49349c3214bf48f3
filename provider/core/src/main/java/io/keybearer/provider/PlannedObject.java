package io.keybearer.provider;

import java.util.List;

/**
 * One object of a SecretProviderClass.
 *
 * @param name what its author calls it; failures name it so
 * @param place where it stands
 * @param login the session that reads it
 * @param reference what to read
 * @param files those that it is known to become; a list, a history or "all keys" names none
 * @param rendering what files to make of it
 * @param optional whether the volume goes without it where the store has none
 */
public record PlannedObject(
    String name,
    Place place,
    Login login,
    SecretRef reference,
    List<PlannedFile> files,
    Rendering rendering,
    boolean optional) {

  /** An object that has to be there. */
  public PlannedObject(
      String name,
      Place place,
      Login login,
      SecretRef reference,
      List<PlannedFile> files,
      Rendering rendering) {
    this(name, place, login, reference, files, rendering, false);
  }

  /** An object whose files nobody can name before it is read. */
  public PlannedObject(String name, Login login, SecretRef reference, Rendering rendering) {
    this(name, Place.of(""), login, reference, List.of(), rendering);
  }

  /** Copies the list. */
  public PlannedObject {
    files = List.copyOf(files);
  }
}
