package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.fake.Hold;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class FakeAwsTest {

  private static final int PARALLEL = 128;
  private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");

  private final FakeAws aws = FakeAws.start();
  private final FakeSession admin = TestAws.admin(aws).session("test");

  @AfterEach
  void stop() {
    aws.close();
  }

  @Test
  void keepsRegionsAndAccountsApart() {
    FakeAccount account = aws.account(TestAws.ACCOUNT);
    account.region("eu-west-1").createSecret("a", "west");
    account.region("eu-central-1").createSecret("a", "central");
    aws.account("444455556666").region("eu-west-1").createSecret("a", "theirs");
    for (String region : List.of("eu-west-1", "eu-central-1")) {
      SecretsManagerClient client = TestAws.secrets(aws, admin, region);
      assertThat(client.getSecretValue(r -> r.secretId("a")).secretString())
          .isEqualTo(region.substring("eu-".length(), region.length() - 2));
    }
    FakeSession theirs = aws.role("arn:aws:iam::444455556666:role/x").allows("*", "*").session("s");
    assertThat(TestAws.secrets(aws, theirs).getSecretValue(r -> r.secretId("a")).secretString())
        .isEqualTo("theirs");
    assertThat(aws.count("GetSecretValue")).isEqualTo(3);
    assertThat(aws.count("GetSecretValue", "eu-central-1")).isEqualTo(1);
    assertThat(aws.calls().get(1))
        .isEqualTo(
            new Call(
                "secretsmanager",
                "GetSecretValue",
                "eu-central-1",
                admin.accessKeyId(),
                List.of("a"),
                200));
  }

  @Test
  void keepsConnectionsAndAnswersOnThemAtOnce() throws Exception {
    byte[] request =
        ("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSSM.GetParameter\r\n"
                + "Content-Length: 2\r\n\r\n{}")
            .getBytes(StandardCharsets.US_ASCII);
    long[] micros = new long[200];
    try (Socket socket = new Socket(aws.endpoint().getHost(), aws.endpoint().getPort())) {
      socket.setTcpNoDelay(true);
      for (int i = 0; i < micros.length; i++) {
        long start = System.nanoTime();
        socket.getOutputStream().write(request);
        assertThat(answer(socket.getInputStream())).contains("Missing Authentication Token");
        micros[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
      }
    }
    Arrays.sort(micros);
    // An answer that waits for an acknowledgement takes 40 ms.
    assertThat(micros[micros.length / 2]).isLessThan(2000);
    assertThat(aws.connections()).isEqualTo(1);
  }

  private static String answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    Matcher length = LENGTH.matcher(head);
    assertThat(length.find()).isTrue();
    return new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
  }

  @Test
  void servesManyCallsAtOnce() throws Exception {
    aws.account(TestAws.ACCOUNT).region(TestAws.REGION).createSecret("a", "one");
    Hold hold = aws.faults().hold(Call.to("GetSecretValue", TestAws.REGION));
    SecretsManagerClient client = TestAws.secrets(aws, admin);
    ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
    try {
      List<Future<String>> answers =
          IntStream.range(0, PARALLEL)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> client.getSecretValue(r -> r.secretId("a")).secretString()))
              .toList();
      assertThat(hold.await(PARALLEL, Duration.ofSeconds(20))).isTrue();
      hold.release();
      for (Future<String> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("one");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(aws.connections()).isEqualTo(PARALLEL);
    assertThat(aws.count("GetSecretValue")).isEqualTo(PARALLEL);
  }

  @Test
  void speaksTlsWithAnyIdentity(@TempDir Path folder) throws Exception {
    KeyStore keys = identity(folder.resolve("server.p12"));
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, "secret".toCharArray());
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), new SecureRandom());
    try (FakeAws secure = FakeAws.start(context)) {
      assertThat(secure.endpoint().getScheme()).isEqualTo("https");
      try (Socket socket =
          context.getSocketFactory().createSocket("127.0.0.1", secure.endpoint().getPort())) {
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(answer(socket.getInputStream())).contains("MissingAuthenticationToken");
      }
    }
  }

  /** A key with a certificate that it has signed itself. */
  private static KeyStore identity(Path file) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", "s", "-keyalg", "EC", "-dname", "CN=fake"));
    command.addAll(List.of("-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", "secret", "-keystore", file.toString()));
    assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
    keys.setCertificateEntry("ca", keys.getCertificate("s"));
    return keys;
  }

  @Test
  void goesDownAndComesUpWhereItWas() {
    aws.account(TestAws.ACCOUNT).region(TestAws.REGION).createSecret("a", "one");
    SecretsManagerClient client = TestAws.secrets(aws, admin);
    aws.down();
    assertThatThrownBy(() -> client.getSecretValue(r -> r.secretId("a")))
        .isInstanceOf(SdkClientException.class);
    aws.up();
    assertThat(client.getSecretValue(r -> r.secretId("a")).secretString()).isEqualTo("one");
  }

  @Test
  void tellsNoSecretsWhenItIsPrinted() {
    FakeSecret secret = aws.account(TestAws.ACCOUNT).region("eu-west-1").createSecret("a", "one");
    assertThat(secret).hasToString(secret.arn());
    assertThat(admin.toString()).doesNotContain(admin.secretAccessKey(), admin.sessionToken());
  }
}
