package io.keybearer.provider.vault.contract;

/**
 * All that Keybearer relies on a Vault or OpenBao server for, over raw HTTP. What a test needs, it
 * configures in a server that may be anybody's, under names of its own.
 */
abstract class VaultServerContract extends OpenServer
    implements ProtocolContract,
        KvContract,
        TokenContract,
        LeaseContract,
        PolicyContract,
        LoginContract,
        OtherLoginContract,
        NamespaceContract,
        PkiContract {}
