package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.keybearer.provider.Reason;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mounting.Mounted;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.VaultFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that answer what no Vault does: each costs one mount its files, in time, and its
 * neighbour of another account nothing.
 */
class HostileMountsTest extends FakeMounts {

  private static final Pod NEIGHBOUR = Pod.of("shop", "payments");
  private static final Map<String, String> FILES = Map.of("a", "1");
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final String JSON = "application/json";
  private static final String LOOK = "; see whether the address and the path are the right ones";
  private static final String TOO_MUCH =
      "\"ADDRESS\" answers with more than 4194304 bytes of body; see whether it is the store";
  private static final String NOTHING =
      "empty response from \"secret/data/hostile\", warnings: []; see whether something is stored at that path";
  private static final String NO_TOKEN =
      "failed to login: POST ADDRESS/v1/auth/AUTH/login was answered without a token (Code: %d); see whether the address is that of Vault or OpenBao";
  private static final String UNREADABLE =
      "failed to login: POST ADDRESS/v1/auth/AUTH/login: %s" + LOOK;
  private static final String BROKEN =
      "\"ADDRESS\" ended the connection without an answer; see whether it runs and is reachable from this node; not tried again: the store may have acted on it already";
  private static final String NOT_JSON =
      "the answer is not JSON, names a key twice, or is nested too deeply";

  private String auth = "";

  private static Fault<Call> body(String body) {
    return VaultFault.answer(200, JSON, body);
  }

  private static Arguments told(String what, Fault<Call> fault, Reason reason, String cause) {
    return arguments(what, fault, reason, cause);
  }

  static Stream<Arguments> logins() {
    Reason none = Reason.PRECONDITION;
    Reason store = Reason.STORE_UNAVAILABLE;
    return Stream.of(
        told("an empty object", body("{}"), none, NO_TOKEN.formatted(200)),
        told("204", VaultFault.noContent(), none, NO_TOKEN.formatted(204)),
        told("no body", body(""), none, NO_TOKEN.formatted(200)),
        told("null", body("null"), none, NO_TOKEN.formatted(200)),
        told("no errors", body("{\"errors\":[]}"), none, NO_TOKEN.formatted(200)),
        told("auth null", body("{\"auth\":null,\"x\":1}"), none, NO_TOKEN.formatted(200)),
        told(
            "a number for a token",
            body("{\"auth\":{\"client_token\":5}}"),
            none,
            NO_TOKEN.formatted(200)),
        told(
            "a second factor",
            VaultFault.mfaRequired(),
            none,
            "failed to login: POST ADDRESS/v1/auth/AUTH/login asks for a second factor, which no pod has; take the MFA enforcement off that auth mount or role"),
        told(
            "a page",
            Fault.html(200),
            store,
            UNREADABLE.formatted("invalid character '<' looking for beginning of value")),
        told("an array", body("[]"), store, UNREADABLE.formatted("the answer is no JSON object")),
        told(
            "a text for auth",
            body("{\"auth\":\"x\"}"),
            store,
            UNREADABLE.formatted("\"auth\" in the answer has a wrong type")),
        told(
            "a text for a time",
            body("{\"auth\":{\"client_token\":\"t\"},\"lease_duration\":\"x\"}"),
            store,
            UNREADABLE.formatted("\"lease_duration\" in the answer has a wrong type")),
        told(
            "two logins",
            body("{\"auth\":{\"client_token\":\"a\"},\"auth\":{\"client_token\":\"b\"}}"),
            store,
            UNREADABLE.formatted(NOT_JSON)),
        told("arrays in arrays", VaultFault.deep(64), store, UNREADABLE.formatted(NOT_JSON)),
        told("no end", VaultFault.endless(), store, TOO_MUCH),
        told("half of it", Fault.half(), store, BROKEN),
        told("nothing", Fault.close(), store, BROKEN));
  }

  static Stream<Arguments> reads() {
    Reason none = Reason.NOT_FOUND;
    Reason store = Reason.STORE_UNAVAILABLE;
    return Stream.of(
        told("an empty object", body("{}"), none, NOTHING),
        told("204", VaultFault.noContent(), none, NOTHING),
        told("no body", body(""), none, NOTHING),
        told("null", body("null"), none, NOTHING),
        told("no errors", body("{\"errors\":[]}"), none, NOTHING),
        told(
            "only warnings",
            body("{\"data\":null,\"warnings\":[\"w\"]}"),
            none,
            NOTHING.replace("[]", "[w]")),
        told("errors and more", body("{\"errors\":[\"x\"],\"b\":1}"), store, "x" + LOOK),
        told(
            "a page",
            Fault.html(200),
            store,
            "invalid character '<' looking for beginning of value" + LOOK),
        told("an array", body("[]"), store, "the answer is no JSON object" + LOOK),
        told(
            "an array for data",
            body("{\"data\":[]}"),
            store,
            "\"data\" in the answer has a wrong type" + LOOK),
        told(
            "a time beyond numbers",
            body("{\"data\":{\"a\":\"1\"},\"lease_duration\":9999999999999999999}"),
            store,
            "\"lease_duration\" in the answer has a wrong type" + LOOK),
        told(
            "data twice",
            body("{\"data\":{\"a\":\"1\"},\"data\":{\"a\":\"2\"}}"),
            store,
            NOT_JSON + LOOK),
        told("arrays in arrays", VaultFault.deep(64), store, NOT_JSON + LOOK),
        told("many of them", VaultFault.deep(100_000), store, NOT_JSON + LOOK),
        told("no end", VaultFault.endless(), store, TOO_MUCH),
        told("half of it", Fault.half(), store, BROKEN),
        told("nothing", Fault.close(), store, BROKEN));
  }

  private boolean isLogin(Call call) {
    return call.path().equals("/v1/auth/" + auth + "/login");
  }

  private boolean isRead(Call call) {
    return call.path().equals("/v1/secret/data/hostile");
  }

  /** How a mount ends that meets a fault, while another pod gets its files. */
  private Mounted meet(Predicate<Call> where, String secret, Fault<Call> fault, Duration budget) {
    vault().root().write("secret/data/a", "data", Json.object("a", "1"));
    vault().root().write("secret/data/hostile", "data", Json.object("a", "1"));
    String policy = reads("secret/*");
    auth = vault().kubernetes("token_policies", policy);
    String other =
        vault().kubernetes("token_policies", policy, "bound_service_account_names", "payments");
    fake().faults().plant(where, Faults.ALWAYS, fault);
    String object = "{objectName: a, secretPath: secret/data/%s, secretKey: a}".formatted(secret);

    CompletableFuture<MountAnswer> met = node().begin(ORDERS, at(auth).objects(object), budget);
    Mounted neighbours = node().mount(NEIGHBOUR, at(other).objects(OBJECT));

    assertThat(neighbours.files()).isEqualTo(FILES);
    Mounted mounted = new Mounted(met.join());
    assertThat(mounted.answer().report().took()).isLessThan(budget.plusSeconds(5));
    return mounted;
  }

  private String told(String cause) {
    return because(cause.replace("ADDRESS", address().toString()).replace("AUTH", auth));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("logins")
  void aLoginCostsOneMountItsFiles(String what, Fault<Call> fault, Reason reason, String cause) {
    Mounted mounted = meet(this::isLogin, "a", fault, AMPLE);

    mounted.assertFailed(reason, told(cause));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reads")
  void aReadCostsOneMountItsFiles(String what, Fault<Call> fault, Reason reason, String cause) {
    Mounted mounted = meet(this::isRead, "hostile", fault, AMPLE);

    mounted.assertFailed(reason, told(cause));
  }

  static Stream<Arguments> late() {
    return Stream.of(
        arguments("silence", Fault.hang()),
        arguments("half of it", Fault.stall()),
        arguments("a byte now and then", Fault.slow(Duration.ofMillis(100))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("late")
  void nobodyWaitsLongerThanItsCaller(String what, Fault<Call> fault) {
    for (Predicate<Call> where : List.<Predicate<Call>>of(this::isLogin, this::isRead)) {
      Mounted mounted = meet(where, "hostile", fault, SHORT);

      assertThat(mounted.failure().reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(mounted.failure().getMessage().replaceFirst("in \\d+ ms", "in N ms"))
          .isEqualTo(
              "vault: object \"a\": \"%s\" gave no answer in N ms; see whether it is reachable from this node and not overloaded"
                  .formatted(address()));
      fake().faults().clear();
    }
  }

  static Stream<Arguments> oddLogins() {
    return Stream.of(
        arguments("text/plain", Fault.contentType("text/plain")),
        arguments("a charset", Fault.contentType("application/json; charset=utf-8")),
        arguments("no type", Fault.contentType("")),
        arguments("not renewable", VaultFault.without("renewable")),
        arguments("no policies", VaultFault.withAuth("policies", Json.NULL)),
        arguments("a long life", VaultFault.withAuth("lease_duration", Json.of(99_999_999_999L))),
        arguments(
            "a life beyond numbers",
            VaultFault.withAuth(
                "lease_duration", Json.read("999999999999999999999").orElse(Json.NULL))),
        arguments("a life before now", VaultFault.withAuth("lease_duration", Json.of(-1))),
        arguments("uses before none", VaultFault.withAuth("num_uses", Json.of(-1))),
        arguments("renewable in words", VaultFault.withAuth("renewable", Json.of("yes"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oddLogins")
  void takesALoginThatHasAToken(String what, Fault<Call> fault) {
    assertThat(meet(this::isLogin, "a", fault, AMPLE).files()).isEqualTo(FILES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":{\"a\":\"1\"},\"lease_id\":\"x\",\"lease_duration\":999999999999999999}",
        "{\"data\":{\"a\":\"1\"},\"lease_id\":\"x\",\"lease_duration\":-5}",
        "{\"data\":{\"a\":\"1\"},\"lease_id\":\"x\",\"renewable\":true,\"lease_duration\":0}",
        "{\"data\":{\"a\":\"1\",\"expiration\":999999999999}}",
        "{\"a\":\"1\"}",
        "{\"data\":{\"a\":\"1\"}} and more"
      })
  void takesASecretOfAnyLife(String body) {
    assertThat(meet(this::isRead, "hostile", body(body), AMPLE).files()).isEqualTo(FILES);
  }

  @Test
  void takesAnIssuedValueOfAnyLife() {
    String issue = "/v1/secret/data/issue";
    String login = stored();
    fake()
        .faults()
        .plant(
            Call.to("PUT", issue),
            Faults.ALWAYS,
            body("{\"data\":{\"a\":\"1\",\"expiration\":999999999999}}"));

    assertThat(
            mount(
                    at(login),
                    "{objectName: a, secretPath: secret/data/issue, method: PUT, secretKey: a}")
                .files())
        .isEqualTo(FILES);
  }

  @Test
  void tellsNothingThatItHasSent() {
    String login = stored();
    String jwt = vault().tokens().issue(ORDERS, "vault");
    String id = "6e6f7468-696e-6720-6973-207265616c21";
    String word = "w".repeat(64);
    List<String> secrets =
        List.of(jwt, "hvs." + "x".repeat(24), "s." + "y".repeat(24) + ".abcdef", id, word);
    fake()
        .faults()
        .plant(
            Call.to("*", "/v1/auth/" + login + "/login"),
            Faults.ALWAYS,
            VaultFault.error(403, "you sent " + String.join(" and ", secrets)));

    assertThat(mount(at(login), OBJECT).failure().getMessage())
        .doesNotContain(secrets)
        .doesNotContain(List.of(jwt.split("\\.")))
        .contains("* you sent [token] and [token] and [token] and [token] and [token]; see");
  }

  @Test
  void readsNoMoreOfAnErrorThanItTells() {
    String login = stored();
    fake()
        .faults()
        .plant(
            Call.to("*", "/v1/auth/" + login + "/login"),
            Faults.ALWAYS,
            VaultFault.error(403, "no " + "A".repeat(3_000_000)));

    Mounted mounted = mount(at(login), OBJECT);

    assertThat(mounted.failure().getMessage()).hasSizeLessThan(701).contains("* no …; see whether");
    assertThat(mounted.answer().report().took()).isLessThan(Duration.ofSeconds(10));
  }
}
