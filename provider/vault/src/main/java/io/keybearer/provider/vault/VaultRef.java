package io.keybearer.provider.vault;

import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import org.jspecify.annotations.Nullable;

/**
 * One request to Vault.
 *
 * @param namespace the store's namespace; empty for none
 * @param verb the HTTP verb
 * @param path where it goes
 * @param args the body, JSON; empty for none
 * @param auth as whom it is asked, for what can be proven of its mount
 * @param scope whom the answer may serve
 */
record VaultRef(
    String namespace, String verb, SecretPath path, String args, String auth, Scope scope)
    implements SecretRef {

  /**
   * What one proof is about: everything in one folder of one namespace, which is never in two
   * mounts.
   */
  record Folder(String namespace, String auth, String path) {

    /** By hand, as for the reference itself. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Folder that
          && path.equals(that.path)
          && namespace.equals(that.namespace)
          && auth.equals(that.auth);
    }

    @Override
    public int hashCode() {
      return path.hashCode();
    }
  }

  @Override
  public Object subject() {
    return new Folder(namespace, auth, folder());
  }

  /** The folder of a read; a list is one of itself. */
  String folder() {
    int slash = path.path().lastIndexOf('/');
    return verb.equals("GET") && slash >= 0 ? path.path().substring(0, slash) : path.path();
  }

  /** Its name in every version of Keybearer. */
  @Override
  public String lastingName() {
    return String.join(" ", namespace, verb, path.onWire(), args);
  }

  @Override
  public int bytes() {
    return args.length();
  }

  /** By hand: every republish asks for each of its objects, and generated methods take longer. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof VaultRef that
            && path.path().equals(that.path.path())
            && path.query().equals(that.path.query())
            && verb.equals(that.verb)
            && args.equals(that.args)
            && namespace.equals(that.namespace)
            && auth.equals(that.auth)
            && scope == that.scope);
  }

  @Override
  public int hashCode() {
    return 31 * path.path().hashCode() + args.hashCode();
  }

  /** Without the arguments. */
  @Override
  public String toString() {
    return "VaultRef[" + verb + " " + path.path() + "]";
  }
}
