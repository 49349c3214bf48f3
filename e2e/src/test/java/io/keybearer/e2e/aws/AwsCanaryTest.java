package io.keybearer.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.proto.MountRequest;
import io.keybearer.provider.aws.fake.AwsFault;
import io.keybearer.provider.aws.fake.Call;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.aws.fake.FakeSession;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever happens, the process writes and answers no secret, no token and no key of AWS. */
class AwsCanaryTest {

  private static final String CANARY = "canary-value-7c41e0";
  private static final String JSON = "{\"password\":\"" + CANARY + "\",\"port\":5432}";

  private static final int LONG = 100;
  private static final int PART = 20;
  private static final int WRONG = 7;

  /** Five seconds of it are the process's own: what passes is tried again in the rest. */
  private static final Duration IN_TIME = Duration.ofSeconds(8);

  @TempDir Path folder;
  private final Set<String> shown = ConcurrentHashMap.newKeySet();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private int number;

  @ParameterizedTest
  @CsvSource({"error,text", "warn,json", "info,text", "debug,json", "trace,text", "trace,json"})
  void tellsNoSecretNoTokenAndNoKey(String level, String format) throws IOException {
    try (AwsNode node =
        AwsNode.start(
            folder,
            (sockets, environment, flags) -> serve(sockets, environment, flags, level, format))) {
      node.aws().listen((call, credential) -> shown.add(credential));
      fill(node);

      mountsThatSucceed(node);
      mountsThatAreWrong(node);
      List<Fault<Call>> reads = readFaults();
      List<Fault<Call>> logins = loginFaults(node.aws());
      mountsThatMeet(node, "GetSecretValue", reads);
      mountsThatMeet(node, "AssumeRoleWithWebIdentity", logins);
      node.process().terminate();
      node.process().exitCode();

      assertThat(heard).hasSize(WRONG + reads.size() + logins.size());
      assertNothingTold(node);
    }
  }

  private static KeybearerProcess serve(
      Path sockets,
      Map<String, String> environment,
      List<String> flags,
      String level,
      String format) {
    // Without "sealed" there is no socket that a quiet process could be asked on whether it serves.
    List<String> all =
        Stream.concat(
                flags.stream().filter(flag -> !flag.startsWith("--sockets=")),
                Stream.of("--sockets=sealed,aws", "--log-level=" + level, "--log-format=" + format))
            .toList();
    return KeybearerProcess.serve(environment, sockets, all);
  }

  private static void fill(AwsNode node) {
    node.secrets("a", 3, CANARY);
    node.region().createSecret("json", JSON);
    node.region().putParameter("parameter", CANARY);
    node.region().createSecret("deleted", CANARY).delete();
  }

  private static String object(String name, String more) {
    return "- {objectName: %s, objectType: secretsmanager%s}".formatted(name, more);
  }

  private void mountsThatSucceed(AwsNode node) {
    node.serviceAccount("good");
    for (String objects :
        List.of(
            AwsNode.objects("a", 3),
            object("json", ", jmesPath: [{path: password, objectAlias: p}]"),
            "- {objectName: parameter, objectType: ssmparameter}")) {
      assertThat(node.mount(request(node, "good", objects)).getFilesCount()).isPositive();
    }
  }

  private void mountsThatAreWrong(AwsNode node) {
    node.serviceAccount("good");
    for (String objects :
        List.of(
            object("json", ", jmesPath: [{path: none, objectAlias: p}]"),
            object("json", ", jmesPath: [{path: port, objectAlias: p}]"),
            object("a/s0", ", jmesPath: [{path: x, objectAlias: p}]"),
            object("a/s1", ", encoding: base64"),
            object("a/s2", ", secretKey: \"*\""),
            object("deleted", ""),
            object("missing", ""))) {
      fail(node, request(node, "good", objects));
    }
  }

  /** Every way in which a read goes wrong with the value or the credentials at hand. */
  private List<Fault<Call>> readFaults() {
    String value = "{\"Name\":\"a/s0\",\"SecretString\":\"" + CANARY + "\"";
    return List.of(
        answer(value + "}"),
        answer(value),
        answer("[\"" + CANARY + "\"]"),
        Fault.answer(200, "text/html", "<html>" + CANARY),
        Fault.half(),
        AwsFault.huge(5_000_000),
        AwsFault.error(400, "AccessDeniedException", shown("IQoJ")),
        AwsFault.error(400, "UnrecognizedClientException", shown("IQoJ")),
        AwsFault.error(400, "ResourceNotFoundException", shown("eyJ")),
        AwsFault.error(400, "IncompleteSignature", "x " + shown("IQoJ")),
        AwsFault.error(500, "InternalServiceError", shown("IQoJ")),
        AwsFault.error(400, shown("IQoJ"), "its code"),
        Fault.html(502),
        Fault.reset());
  }

  /** The same of logins; some answers hold the keys that a login gives. */
  private List<Fault<Call>> loginFaults(FakeAws aws) {
    FakeSession given = aws.role("arn:aws:iam::111122223333:role/lost").session("lost");
    String keys =
        ("<AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>"
                + "<SessionToken>%s</SessionToken>")
            .formatted(given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
    return List.of(
        credentials(keys),
        credentials(keys + "<Expiration>" + given.secretAccessKey() + "</Expiration>"),
        credentials(keys + "<Expiration>"),
        Fault.answer(200, "text/xml", keys),
        Fault.half(),
        AwsFault.error(400, "InvalidIdentityToken", shown("eyJ")),
        AwsFault.error(400, "ExpiredTokenException", shown("eyJ")),
        AwsFault.error(403, "AccessDenied", shown("eyJ")),
        AwsFault.error(500, "InternalFailure", shown("IQoJ")),
        Fault.reset());
  }

  /** What a careless server tells: what it was shown. */
  private String shown(String start) {
    return shown.stream().filter(each -> each.startsWith(start)).findFirst().orElseThrow();
  }

  private static Fault<Call> answer(String body) {
    return Fault.answer(200, "application/x-amz-json-1.1", body);
  }

  private static Fault<Call> credentials(String content) {
    return Fault.answer(
        200,
        "text/xml",
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
            + content
            + "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>");
  }

  /** A service account, its role and a secret for each fault, all at once. */
  private void mountsThatMeet(AwsNode node, String operation, List<Fault<Call>> faults) {
    ExecutorService callers = Executors.newFixedThreadPool(faults.size());
    try {
      List<CompletableFuture<Void>> calls = new ArrayList<>();
      for (int i = 0; i < faults.size(); i++) {
        String name = operation + "-" + i;
        node.serviceAccount(name);
        node.region().createSecret(name, CANARY);
        node.aws()
            .faults()
            .plant(
                call ->
                    call.operation().equals(operation)
                        && call.names().stream().anyMatch(each -> each.endsWith(name)),
                Faults.ALWAYS,
                faults.get(i));
        MountRequest request = request(node, name, object(name, ""));
        calls.add(CompletableFuture.runAsync(() -> fail(node, request), callers));
      }
      calls.forEach(CompletableFuture::join);
    } finally {
      callers.shutdownNow();
    }
  }

  private MountRequest request(AwsNode node, String account, String objects) {
    return node.request("pod-" + number++, account, objects);
  }

  private void fail(AwsNode node, MountRequest request) {
    try {
      node.client().mount(request, IN_TIME);
    } catch (StatusRuntimeException e) {
      heard.add(String.valueOf(e.getMessage()));
      return;
    }
    throw new AssertionError("this mount should have failed: " + request.getTargetPath());
  }

  private void assertNothingTold(AwsNode node) {
    List<String> canaries = new ArrayList<>(List.of(CANARY));
    shown.stream().filter(credential -> !credential.isEmpty()).forEach(canaries::add);
    for (FakeSession session : node.aws().issued()) {
      canaries.add(session.secretAccessKey());
      canaries.add(session.sessionToken());
    }
    assertThat(canaries).hasSizeGreaterThan(70);
    String all = node.process().output() + String.join("\n", heard);
    for (String canary : canaries) {
      assertThat(all).doesNotContain(spellings(canary));
    }
  }

  /** The whole of it, in whatever form, and of what is long its inner parts. */
  private static List<String> spellings(String canary) {
    if (canary.length() > LONG) {
      int middle = canary.length() / 2;
      return List.of(
          canary.substring(middle, middle + PART),
          canary.substring(canary.length() - 2 * PART, canary.length() - PART));
    }
    byte[] bytes = canary.getBytes(StandardCharsets.UTF_8);
    return List.of(
        canary,
        HexFormat.of().formatHex(bytes),
        Base64.getEncoder().withoutPadding().encodeToString(bytes));
  }
}
