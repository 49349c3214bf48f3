package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What another process needs to go on with a session, as JSON. A field may be added to it, but none
 * changed: an older or newer Keybearer reads it in an upgrade.
 *
 * @param token the session's
 * @param leases by the lasting names of their references
 */
record SessionState(VaultToken token, Map<String, VaultLease> leases) {

  static SecretBytes write(VaultToken token, Map<String, VaultLease> leases) {
    Map<String, JsonNode> state = new LinkedHashMap<>();
    state.put("token", text(new String(token.text().reveal(), StandardCharsets.UTF_8)));
    state.put("seconds", number(token.seconds()));
    state.put("renewable", truth(token.renewable()));
    state.put("batch", truth(token.batch()));
    state.put("uses", number(token.uses()));
    state.put("ofServiceAccount", truth(token.ofServiceAccount()));
    Map<String, JsonNode> all = new LinkedHashMap<>();
    leases.forEach((name, lease) -> all.put(name, lease(lease)));
    state.put("leases", new JsonNode.Members(all));
    return SecretBytes.copyOf(GoEncoding.utf8(GoJson.of(new JsonNode.Members(state))));
  }

  private static JsonNode lease(VaultLease lease) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    members.put("namespace", text(lease.namespace()));
    members.put("id", text(lease.id()));
    members.put("seconds", number(lease.seconds()));
    members.put("renewable", truth(lease.renewable()));
    return new JsonNode.Members(members);
  }

  /** The state that was written; nothing for anything else. */
  static Optional<SessionState> read(SecretBytes written) {
    try {
      JsonNode state = JsonTree.read("session", written.reveal());
      if (state.text("token").isEmpty()) {
        return Optional.empty();
      }
      VaultToken token =
          new VaultToken(
              SecretBytes.copyOf(GoEncoding.utf8(state.text("token"))),
              VaultToken.number(state, "seconds"),
              state.isTrue("renewable"),
              state.isTrue("batch"),
              VaultToken.number(state, "uses"),
              state.isTrue("ofServiceAccount"));
      Map<String, VaultLease> leases = new LinkedHashMap<>();
      state
          .members("leases")
          .forEach(
              (name, lease) ->
                  leases.put(
                      name,
                      new VaultLease(
                          lease.text("namespace"),
                          lease.text("id"),
                          VaultToken.number(lease, "seconds"),
                          lease.isTrue("renewable"))));
      return Optional.of(new SessionState(token, leases));
    } catch (MountFailure e) {
      return Optional.empty();
    }
  }

  private static JsonNode text(String text) {
    return new JsonNode.Text(text);
  }

  private static JsonNode number(long number) {
    return new JsonNode.Numeral(Long.toString(number));
  }

  private static JsonNode truth(boolean holds) {
    return new JsonNode.Truth(holds);
  }
}
