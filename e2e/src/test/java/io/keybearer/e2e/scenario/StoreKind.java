package io.keybearer.e2e.scenario;

import io.keybearer.e2e.cluster.Bed;
import java.nio.file.Path;

/** The stores that there are, by their sockets. */
enum StoreKind {
  SEALED("sealed") {
    @Override
    Store open(Bed bed, Path folder) {
      return new SealedStore(folder);
    }
  },
  VAULT("vault") {
    @Override
    Store open(Bed bed, Path folder) {
      return VaultStore.vault(bed);
    }
  },
  OPENBAO("openbao") {
    @Override
    Store open(Bed bed, Path folder) {
      return VaultStore.openbao(bed);
    }
  },
  AWS("aws") {
    @Override
    Store open(Bed bed, Path folder) {
      return new AwsStore(bed);
    }
  };

  private final String provider;

  StoreKind(String provider) {
    this.provider = provider;
  }

  /** The name of its socket. */
  String provider() {
    return provider;
  }

  /** Starts one that trusts the cluster of a bed. */
  abstract Store open(Bed bed, Path folder);
}
