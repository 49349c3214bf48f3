package io.keybearer.provider.vault.contract;

/** Who has a server to prove. */
interface ServerUnderContract {

  VaultTarget vault();
}
