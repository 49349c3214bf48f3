package io.keybearer.provider.vault.contract;

import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.mounting.Mounted;
import java.net.URI;

/** Who has a server to mount from. */
interface MountUnderContract {

  /** The account that the role of {@link VaultTarget#kubernetes} is for. */
  Pod ORDERS = Pod.of("shop", "orders");

  VaultTarget vault();

  MountNode node();

  /** Where the server is. */
  URI address();

  /** KV version 2 under a new name. */
  default String versioned() {
    return vault().mount("kv", "version", "2");
  }

  /** A login of the pods of {@link #ORDERS} that allows what a policy's lines say. */
  default String login(String... paths) {
    return vault().kubernetes("token_policies", reads(paths), "token_ttl", "20m");
  }

  /** A policy that allows these paths. */
  default String reads(String... paths) {
    StringBuilder text = new StringBuilder();
    for (String path : paths) {
      text.append("path \"")
          .append(path)
          .append("\" { capabilities = [\"read\", \"list\", \"create\", \"update\"] }\n");
    }
    return vault().policy(text.toString());
  }

  /** A class of that login. */
  default SecretClass at(String auth) {
    return SecretClass.of(address(), auth);
  }

  /** One object: the whole text of a mapping without its braces. */
  default Mounted mount(SecretClass of, String... objects) {
    return node().mount(ORDERS, of.objects(objects));
  }
}
