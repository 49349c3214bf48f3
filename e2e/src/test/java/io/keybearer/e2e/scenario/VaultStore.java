package io.keybearer.e2e.scenario;

import io.keybearer.e2e.cluster.Bed;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.VaultClient;
import io.keybearer.provider.vault.fake.VaultFault;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The fake Vault, which asks the cluster's API server about each token, as the real one does. */
final class VaultStore implements Store {

  private static final int TOO_MUCH = 6 * 1024 * 1024;

  /** What the two products call the parameters of a class. */
  private record Dialect(String role, String address, String audience) {}

  private final FakeVault vault = FakeVault.start();
  private final VaultClient root = VaultClient.of(vault.address(), vault.rootToken());
  private final Dialect dialect;
  private boolean down;

  private VaultStore(Bed bed, Dialect dialect) {
    this.dialect = dialect;
    root.write("sys/mounts/kv", "type", "kv", "options", Map.of("version", "2"));
    root.write(
        "sys/policies/acl/app",
        "policy",
        "path \"*\" { capabilities = [\"create\", \"read\", \"update\", \"list\"] }");
    root.write("sys/auth/kubernetes", "type", "kubernetes");
    root.write(
        "auth/kubernetes/config",
        "kubernetes_host",
        bed.reviews().address(),
        "kubernetes_ca_cert",
        bed.reviews().authorityPem(),
        "token_reviewer_jwt",
        bed.reviews().reviewer(),
        "disable_local_ca_jwt",
        true);
    root.database("db", "1h", "24h");
  }

  static VaultStore vault(Bed bed) {
    return new VaultStore(bed, new Dialect("roleName", "vaultAddress", "vault"));
  }

  static VaultStore openbao(Bed bed) {
    return new VaultStore(bed, new Dialect("baoRoleName", "baoAddress", "openbao"));
  }

  /** The server. */
  FakeVault server() {
    return vault;
  }

  @Override
  public List<String> flags() {
    return List.of();
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public void put(String secret, String value) {
    root.write("kv/data/" + secret, "data", Map.of("value", value));
  }

  /** The role {@code app} is for that service account from now on, and for others that have it. */
  @Override
  public void allow(String namespace, String serviceAccount) {
    root.write(
        "auth/kubernetes/role/app",
        "bound_service_account_names",
        serviceAccount,
        "bound_service_account_namespaces",
        "*",
        "audience",
        dialect.audience(),
        "token_policies",
        "app",
        "token_ttl",
        "20m");
  }

  @Override
  public Map<String, String> parameters(
      String namespace, String className, Map<String, String> files) {
    return parameters(
        files.entrySet().stream()
            .map(
                file ->
                    "- {objectName: "
                        + file.getKey()
                        + ", secretPath: kv/data/"
                        + file.getValue()
                        + ", secretKey: value}")
            .collect(Collectors.joining("\n")));
  }

  /** The parameters of a class with these objects. */
  Map<String, String> parameters(String objects) {
    return Map.of(
        dialect.role(),
        "app",
        dialect.address(),
        vault.address().toString(),
        "audience",
        dialect.audience(),
        "objects",
        objects);
  }

  @Override
  public void fails(Outage how) {
    switch (how) {
      case REFUSED -> {
        vault.down();
        down = true;
      }
      case HANGING -> plant(Fault.hang());
      case THROTTLED -> plant(VaultFault.error(429, "too many requests"));
      case SERVER_ERROR -> plant(VaultFault.error(500, "internal error"));
      case UNAVAILABLE -> plant(VaultFault.error(503, "Vault is sealed"));
      case OVERSIZE -> plant(VaultFault.huge(TOO_MUCH));
    }
  }

  private void plant(Fault<Call> fault) {
    vault.faults().plant(Call.to("*", "/v1/"), Faults.ALWAYS, fault);
  }

  @Override
  public void recovers() {
    vault.faults().clear();
    if (down) {
      vault.up();
      down = false;
    }
  }

  @Override
  public void close() {
    vault.close();
  }
}
