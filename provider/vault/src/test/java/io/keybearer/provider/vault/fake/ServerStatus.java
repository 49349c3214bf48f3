package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.Optional;

/** What the server says of itself, sealed or not, and its seal. */
final class ServerStatus {

  private static final String CLUSTER = "vault-cluster-fake";
  private static final String CLUSTER_ID = "6e6f7468-696e-6720-6973-207265616c21";

  private final FakeState state;
  private final String unsealKey;

  ServerStatus(FakeState state, String unsealKey) {
    this.state = state;
    this.unsealKey = unsealKey;
  }

  /**
   * The answer to such a request.
   *
   * @param standbyHealth the health of a standby; 0 for the active node
   */
  Optional<FakeAnswer> answer(FakeRequest request, String path, int standbyHealth) {
    return switch (path) {
      case "sys/health" -> Optional.of(health(request, standbyHealth));
      case "sys/seal-status" -> Optional.of(Answers.json(200, sealStatus()));
      case "sys/unseal" -> Optional.of(unseal(request));
      case "sys/seal" -> Optional.of(seal(request));
      default -> Optional.empty();
    };
  }

  private FakeAnswer health(FakeRequest request, int standbyHealth) {
    int status = code(request, "activecode", 200);
    if (state.isSealed()) {
      status = code(request, "sealedcode", 503);
    } else if (standbyHealth != 0) {
      String ok = standbyHealth == 473 ? "perfstandbyok" : "standbyok";
      boolean isOk = request.query().containsKey(ok) && !request.query().get(ok).equals("false");
      status =
          isOk
              ? 200
              : code(
                  request,
                  standbyHealth == 473 ? "performancestandbycode" : "standbycode",
                  standbyHealth);
    }
    JsonNode body =
        Json.object(
            "initialized",
            true,
            "sealed",
            state.isSealed(),
            "standby",
            standbyHealth != 0,
            "replication_performance_mode",
            "disabled",
            "replication_dr_mode",
            "disabled",
            "server_time_utc",
            state.now().getEpochSecond(),
            "version",
            version(),
            "cluster_name",
            CLUSTER,
            "cluster_id",
            CLUSTER_ID);
    return Answers.json(status, body);
  }

  private String version() {
    return state.flavour() == Flavour.VAULT ? "1.21.0" : "2.6.2";
  }

  private static int code(FakeRequest request, String name, int otherwise) {
    String wanted = request.query().getOrDefault(name, "");
    return wanted.isEmpty() ? otherwise : Integer.parseInt(wanted);
  }

  private JsonNode sealStatus() {
    JsonNode.Members start =
        Json.object(
            "type",
            "shamir",
            "initialized",
            true,
            "sealed",
            state.isSealed(),
            "t",
            1,
            "n",
            1,
            "progress",
            0,
            "nonce",
            "",
            "recovery_seal",
            false,
            "version",
            version(),
            "commit_date",
            "2026-11-01T00:00:00Z",
            "migration",
            false);
    JsonNode.Members cluster =
        state.isSealed()
            ? Json.EMPTY
            : Json.object("cluster_name", CLUSTER, "cluster_id", CLUSTER_ID);
    return Json.merged(Json.merged(start, cluster), Json.object("storage_type", "inmem"));
  }

  private FakeAnswer unseal(FakeRequest request) {
    String key = Json.read(request.body()).orElse(Json.EMPTY).text("key");
    if (key.isEmpty()) {
      throw Refusal.of(
          400, "'key' must be specified in request body as JSON, or 'reset' set to true");
    }
    if (!key.equals(unsealKey)) {
      throw Refusal.of(400, "'key' must be a valid hex or base64 string");
    }
    state.seal(false);
    return Answers.json(200, sealStatus());
  }

  private FakeAnswer seal(FakeRequest request) {
    if (state.isSealed()) {
      throw Refusal.of(503, "Vault is sealed");
    }
    FakeToken token =
        state
            .tokens()
            .get(Dispatcher.shown(request))
            .orElseThrow(() -> Refusal.of(403, "permission denied"));
    if (!new Acl(token).allows(Operation.UPDATE, "sys/seal", true)) {
      throw Refusal.denied();
    }
    state.seal(true);
    return Answers.nothing(204);
  }
}
