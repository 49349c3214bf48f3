package io.keybearer.e2e.scenario;

import java.util.List;
import java.util.Map;

/** A store that the scenarios' pods get their secrets of. */
interface Store extends AutoCloseable {

  /** What tells the process where it is. */
  List<String> flags();

  /** The same, for what is told by variables. */
  Map<String, String> environment();

  /** Holds a value under that name from now on. */
  void put(String secret, String value);

  /** Lets pods of a service account read everything. */
  void allow(String namespace, String serviceAccount);

  /**
   * The parameters of a SecretProviderClass that reads these.
   *
   * @param files names of secrets by the files that they become
   */
  Map<String, String> parameters(String namespace, String className, Map<String, String> files);

  /** Lets everything go wrong from now on; nothing happens where there is no server. */
  default void fails(Outage how) {}

  /** Everything goes well again. */
  default void recovers() {}

  @Override
  default void close() {}
}
