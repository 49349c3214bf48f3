package io.keybearer.e2e.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Reads with the SDK alone, over one of its HTTP clients. */
final class HttpClientsSdk implements HttpClientsRun.Reads {

  private final HttpClientsRun.Peer peer;
  private final SdkHttpClient http;
  private final SecretsManagerClient secrets;
  private volatile Optional<StaticCredentialsProvider> credentials = Optional.empty();

  private HttpClientsSdk(HttpClientsRun.Peer peer, SdkHttpClient http) {
    this.peer = peer;
    this.http = http;
    this.secrets =
        SecretsManagerClient.builder()
            .region(Region.of(HttpClientsRun.REGION))
            .endpointOverride(peer.endpoint())
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(http)
            .build();
  }

  /** As the SDK has it. */
  static HttpClientsSdk urlConnection(HttpClientsRun.Peer peer)
      throws IOException, GeneralSecurityException {
    TrustManager[] trust = trust(peer.authority());
    return new HttpClientsSdk(
        peer, UrlConnectionHttpClient.builder().tlsTrustManagersProvider(() -> trust).build());
  }

  /** With a connection for each thread. */
  static HttpClientsSdk apache(HttpClientsRun.Peer peer, int connections)
      throws IOException, GeneralSecurityException {
    TrustManager[] trust = trust(peer.authority());
    return new HttpClientsSdk(
        peer,
        Apache5HttpClient.builder()
            .maxConnections(connections)
            .connectionMaxIdleTime(Duration.ofMinutes(5))
            .tlsTrustManagersProvider(() -> trust)
            .build());
  }

  private static TrustManager[] trust(Path authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  @Override
  public void login() {
    StsClient sts =
        StsClient.builder()
            .region(Region.of(HttpClientsRun.REGION))
            .endpointOverride(peer.endpoint())
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(http)
            .build();
    Credentials given =
        sts.assumeRoleWithWebIdentity(
                request ->
                    request
                        .roleArn(HttpClientsRun.ROLE)
                        .roleSessionName("clients")
                        .webIdentityToken(peer.token()))
            .credentials();
    credentials =
        Optional.of(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create(
                    given.accessKeyId(), given.secretAccessKey(), given.sessionToken())));
  }

  @Override
  public void read(String name) {
    String value =
        secrets
            .getSecretValue(
                request ->
                    request
                        .secretId(name)
                        .overrideConfiguration(
                            own -> own.credentialsProvider(credentials.orElseThrow())))
            .secretString();
    if (value.isEmpty()) {
      throw new IllegalStateException("an empty value");
    }
  }
}
