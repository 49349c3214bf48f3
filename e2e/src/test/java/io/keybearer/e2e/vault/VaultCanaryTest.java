package io.keybearer.e2e.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.proto.MountRequest;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.VaultFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens, the process writes and answers no secret and no token. */
class VaultCanaryTest {

  private static final String CANARY = "canary-value-";
  private static final Pattern TOKEN = Pattern.compile("[\\w-]{20,}\\.[\\w-]{20,}\\.[\\w-]{20,}");

  @TempDir Path folder;

  @Test
  void tellsNoSecretAtTheLowestLevel() throws IOException {
    try (VaultNode node =
        new VaultNode(
            folder.resolve("sockets"),
            sockets ->
                KeybearerProcess.serve(sockets, folder.resolve("no-keys"), "--log-level=trace"))) {
      node.keyValues("kv", 3, CANARY);
      node.root().database("db", "1h", "24h");
      List<String> heard = new ArrayList<>();
      List<String> tokens = new ArrayList<>();
      for (MountRequest request : requests(node)) {
        TOKEN
            .matcher(request.getAttributes())
            .results()
            .map(MatchResult::group)
            .forEach(tokens::add);
        try {
          node.mount(request);
        } catch (StatusRuntimeException e) {
          heard.add(String.valueOf(e.getMessage()));
        }
      }
      assertThat(heard).as("failures").hasSizeGreaterThan(4);
      assertThat(tokens).isNotEmpty();
      String all = node.process().output() + String.join("\n", heard);
      assertThat(all).doesNotContain(CANARY).doesNotContain("v-token-", "root-");
      tokens.forEach(token -> assertThat(all).doesNotContain(token));
    }
  }

  private static List<MountRequest> requests(VaultNode node) {
    List<MountRequest> requests = new ArrayList<>();
    requests.add(node.request("good", "web", VaultNode.objects("kv", 3)));
    requests.add(
        node.request(
            "db", "web", "- {objectName: a, secretPath: db/creds/app, secretKey: password}"));
    requests.add(
        node.request("key", "web", "- {objectName: a, secretPath: kv/data/s0, secretKey: none}"));
    requests.add(
        node.request(
            "hex",
            "web",
            "- {objectName: a, secretPath: kv/data/s0, secretKey: password, encoding: hex}"));
    requests.add(
        node.request(
            "base64",
            "web",
            "- {objectName: a, secretPath: kv/data/s1, secretKey: password, encoding: base64}"));
    requests.add(
        node.request("json", "web", "- {objectName: a, secretPath: kv/data/s0, jsonPath: $.x.y}"));
    requests.add(
        node.request("pem", "web", "- {objectName: a, secretPath: kv/data/s0, format: pem}"));
    requests.add(
        node.request(
            "role",
            "web",
            Map.of("roleName", "none", "objects", "- {objectName: a, secretPath: kv/data/s0}")));
    node.vault()
        .faults()
        .plant(
            Call.to("GET", "/v1/kv/data/s2"),
            1,
            VaultFault.answer(200, "application/json", "{\"data\": \"" + CANARY + "\"}"));
    requests.add(node.request("type", "other", "- {objectName: a, secretPath: kv/data/s2}"));
    return requests;
  }
}
