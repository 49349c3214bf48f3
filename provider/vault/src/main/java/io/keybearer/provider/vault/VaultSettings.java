package io.keybearer.provider.vault;

import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.http.TlsSettings;

/**
 * What the administrator decides for one dialect: by flags and environment variables of the
 * official provider's names, and by what this project adds.
 *
 * @param addresses where the store is, one or several with commas between them, for
 *     SecretProviderClasses that name none
 * @param authMount where its auth method is mounted, likewise
 * @param namespace its namespace, likewise
 * @param tls how it is connected to, likewise
 * @param versionKeys the keys of object versions
 * @param allowedAddresses what SecretProviderClasses may name
 * @param allowedFiles likewise for files of TLS settings
 * @param allowCertLogin whether SecretProviderClasses may log in with a client certificate, which
 *     is the node's and not a pod's
 */
public record VaultSettings(
    String addresses,
    String authMount,
    String namespace,
    TlsSettings tls,
    VersionKeys versionKeys,
    AllowedAddresses allowedAddresses,
    AllowedFiles allowedFiles,
    boolean allowCertLogin) {}
