package io.keybearer.provider.reader;

import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SessionKey;

/** What is read once: a reference in a session. */
public record ReadKey(SessionKey session, SecretRef reference) {

  /**
   * Of the reference: the generated one would be most of a look-up's cost on the first compiler.
   */
  @Override
  public int hashCode() {
    return reference.hashCode();
  }

  /** The key of what this object reads. */
  public static ReadKey of(PlannedObject object) {
    return new ReadKey(object.login().key(), object.reference());
  }
}
