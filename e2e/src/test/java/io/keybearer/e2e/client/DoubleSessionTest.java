package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFault;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleSessionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static StoreServer store(boolean tls) {
    StoreServer store = new StoreServer(tls ? StoreSettings.overTls() : StoreSettings.cleartext());
    store.secrets().put("db/user", "orders");
    store.secrets().put("db/password", "old");
    store.secrets().put("db/password", "new");
    return store;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsTheNewestAndANamedVersionOverOneConnection(boolean tls) throws Exception {
    try (StoreServer store = store(tls)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      Session session = logins.open(PATIENCE);
      AtomicLong arrived = new AtomicLong();

      for (String objects :
          new String[] {"- name: db/password", "- {name: a, path: db/password, version: 1}"}) {
        Set<SecretRef> references = logins.references(objects);
        ReadOutcome outcome =
            session
                .read(references, StoreLogins.in(PATIENCE), arrived::addAndGet)
                .values()
                .iterator()
                .next();
        boolean named = references.iterator().next().immutable();
        assertThat(StoreLogins.text(outcome)).isEqualTo(named ? "old" : "new");
        assertThat(((ReadOutcome.Value) outcome).value().items().get(0).version())
            .isEqualTo(named ? "1" : "2");
      }

      assertThat(arrived.get()).isPositive();
      assertThat(session.life()).isEqualTo(SessionLife.of(Duration.ofHours(1)));
      assertThat(store.log().connections()).isEqualTo(1);
    }
  }

  @Test
  void readsManyInOneRequestAndTellsEachFailureOnItsOwn() throws Exception {
    try (StoreServer store = store(false)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.batch(), store);
      store.secrets().deny("app:t-1", "db/user");
      Set<SecretRef> references =
          logins.references("- name: db/user\n- name: db/password\n- name: gone");

      Map<SecretRef, ReadOutcome> outcomes =
          logins.open(PATIENCE).read(references, StoreLogins.in(PATIENCE), bytes -> {});

      assertThat(outcomes).hasSize(3);
      assertThat(outcomes.values().stream().map(DoubleSessionTest::outcome))
          .containsExactlyInAnyOrder("ACCESS_DENIED", "new", "NOT_FOUND");
      assertThat(store.log().counts().batches()).isEqualTo(1);
    }
  }

  private static String outcome(ReadOutcome outcome) {
    return outcome instanceof ReadOutcome.Failed failed
        ? failed.failure().reason().name()
        : StoreLogins.text(outcome);
  }

  @Test
  void mintsProvesRenewsAndEnds() throws Exception {
    try (StoreServer store = store(false)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      store.secrets().proof("kv", true);
      Session session = logins.open(PATIENCE);

      SecretRef minted = logins.references("- {name: m, mint: \"true\"}").iterator().next();
      SecretValue value =
          ((ReadOutcome.Value)
                  session
                      .read(Set.of(minted), StoreLogins.in(PATIENCE), bytes -> {})
                      .values()
                      .iterator()
                      .next())
              .value();
      SecretRef unproven = logins.references("- {name: a, unproven: kv}").iterator().next();

      assertThat(minted.scope()).isEqualTo(Scope.MOUNT);
      assertThat(minted.repeatable()).isFalse();
      assertThat(value.mintedFor()).isEqualTo(Duration.ofMinutes(1));
      assertThat(value.items().get(0).version()).isEqualTo("l-1");
      assertThat(unproven.scope()).isEqualTo(Scope.UNPROVEN);
      assertThat(unproven.subject()).isEqualTo("kv");
      assertThat(session.prove(unproven, StoreLogins.in(PATIENCE))).isEqualTo(Scope.SHARED);
      Renewal renewal = session.renew(Set.of(minted), StoreLogins.in(PATIENCE));
      assertThat(renewal.session()).isEqualTo(SessionLife.of(Duration.ofHours(1)));
      assertThat(renewal.values().get(minted))
          .isBetween(Duration.ofSeconds(58), Duration.ofMinutes(1));
      session.end(StoreLogins.in(PATIENCE));
      assertThat(store.sessions().sessions()).isEmpty();
      assertThat(store.sessions().leases()).isEmpty();
    }
  }

  @Test
  void anotherProcessGoesOnWithTheSession() throws Exception {
    try (StoreServer store = store(false)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      SecretRef minted = logins.references("- {name: m, mint: \"true\"}").iterator().next();
      Session first = logins.open(PATIENCE);
      first.read(Set.of(minted), StoreLogins.in(PATIENCE), bytes -> {});

      Session resumed =
          DoubleBackend.single()
              .resume(logins.login().key(), first.state().orElseThrow())
              .orElseThrow();

      assertThat(resumed.renew(Set.of(minted), StoreLogins.in(PATIENCE)).values())
          .containsOnlyKeys(minted);
      resumed.end(StoreLogins.in(PATIENCE));
      assertThat(store.sessions().leases()).isEmpty();
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(StoreFault.reset(), Fault.Kind.BROKEN, Reason.STORE_UNAVAILABLE),
        Arguments.of(StoreFault.close(), Fault.Kind.BROKEN, Reason.STORE_UNAVAILABLE),
        Arguments.of(StoreFault.truncated(), Fault.Kind.BROKEN, Reason.STORE_UNAVAILABLE),
        Arguments.of(StoreFault.resetInBody(), Fault.Kind.BROKEN, Reason.STORE_UNAVAILABLE),
        Arguments.of(StoreFault.junk(), Fault.Kind.BROKEN, Reason.STORE_UNAVAILABLE),
        Arguments.of(StoreFault.hang(), Fault.Kind.BROKEN, Reason.TIMED_OUT),
        Arguments.of(StoreFault.slow(Duration.ofMillis(300)), Fault.Kind.BROKEN, Reason.TIMED_OUT),
        Arguments.of(StoreFault.endlessBody(), Fault.Kind.NONE, Reason.STORE_UNAVAILABLE),
        Arguments.of(StoreFault.endlessHeaders(), Fault.Kind.NONE, Reason.STORE_UNAVAILABLE),
        Arguments.of(status(500), Fault.Kind.SERVER_ERROR, Reason.STORE_UNAVAILABLE),
        Arguments.of(status(503), Fault.Kind.SERVER_ERROR, Reason.STORE_UNAVAILABLE),
        Arguments.of(status(429), Fault.Kind.THROTTLED, Reason.STORE_UNAVAILABLE),
        Arguments.of(status(412), Fault.Kind.BEHIND, Reason.STORE_UNAVAILABLE),
        Arguments.of(status(400), Fault.Kind.NONE, Reason.STORE_UNAVAILABLE),
        Arguments.of(status(401), Fault.Kind.NONE, Reason.LOGIN_FAILED),
        Arguments.of(status(403), Fault.Kind.NONE, Reason.ACCESS_DENIED),
        Arguments.of(status(404), Fault.Kind.NONE, Reason.NOT_FOUND));
  }

  private static StoreFault status(int status) {
    return StoreFault.status(status, Map.of(), "{}");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void tellsEachFaultAndSendsNothingTwice(StoreFault fault, Fault.Kind kind, Reason reason)
      throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      try (StoreServer store = store(tls)) {
        StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
        Session session = logins.open(PATIENCE);
        Set<SecretRef> references = logins.references("- name: db/user");
        store.faults().plant(1, call -> call.kind() == Kind.READ, fault);

        MountFailure failure =
            failure(
                () -> session.read(references, StoreLogins.in(Duration.ofSeconds(1)), bytes -> {}));

        assertThat(failure.fault().kind()).isEqualTo(kind);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(store.log().counts().reads()).isEqualTo(1);
        assertThat(session.read(references, StoreLogins.in(PATIENCE), bytes -> {})).hasSize(1);
      }
    }
  }

  private static MountFailure failure(ThrowingCallable work) {
    return (MountFailure) catchThrowable(work);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void tellsHowLongAStoreWantsToBeLeftAlone(int status) throws Exception {
    try (StoreServer store = store(false)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      store
          .faults()
          .plant(1, call -> true, StoreFault.status(status, Map.of("Retry-After", "7"), ""));

      assertThat(failure(() -> logins.open(PATIENCE)).fault())
          .isEqualTo(Fault.throttled(Duration.ofSeconds(7)));
    }
  }

  @Test
  void tellsARefusedLogin() throws Exception {
    try (StoreServer store = store(false)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      store.sessions().refuse("app", "app:t-1");

      MountFailure refused = failure(() -> logins.open(PATIENCE));

      assertThat(refused.reason()).isEqualTo(Reason.LOGIN_FAILED);
      assertThat(refused)
          .hasMessage(
              "\""
                  + store.address()
                  + "\" refuses the login with 403; look at the role and at whom it admits");
    }
  }

  @Test
  void tellsARefusedASilentAndAnUnknownAddress() throws Exception {
    try (StoreServer store = store(false)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      store.down();
      MountFailure refused = failure(() -> logins.open(PATIENCE));
      store.silent();
      MountFailure silent = failure(() -> logins.open(Duration.ofMillis(300)));
      logins.with("address", "http://no-such-host.invalid:1");
      MountFailure unknown = failure(() -> logins.open(PATIENCE));

      assertThat(Stream.of(refused, silent, unknown).map(failure -> failure.fault().kind()))
          .containsOnly(Fault.Kind.UNREACHABLE);
      assertThat(Stream.of(refused, silent, unknown).map(MountFailure::reason))
          .containsExactly(Reason.STORE_UNAVAILABLE, Reason.TIMED_OUT, Reason.STORE_UNAVAILABLE);
      assertThat(refused)
          .hasMessage(
              "\""
                  + store.address()
                  + "\" can't be connected to: the connection is refused; see whether it runs and"
                  + " is reachable from this node");
    }
  }

  @Test
  void tellsACertificateThatNobodyTrusts() throws Exception {
    try (StoreServer store = store(true);
        StoreServer other = store(true);
        StoreServer plain = store(false)) {
      String caFile = other.certificateAuthority().orElseThrow().toString();

      MountFailure untrusted =
          failure(
              () ->
                  new StoreLogins(DoubleBackend.single(), store)
                      .with("caFile", caFile)
                      .open(PATIENCE));
      MountFailure noTls =
          failure(
              () ->
                  new StoreLogins(DoubleBackend.single(), plain)
                      .with("address", "https://127.0.0.1:" + plain.port())
                      .open(PATIENCE));

      assertThat(untrusted.fault().kind()).isEqualTo(Fault.Kind.TLS);
      assertThat(untrusted).hasMessageContaining("its certificate is not trusted");
      assertThat(noTls.fault().kind()).isEqualTo(Fault.Kind.TLS);
      assertThat(noTls).hasMessageContaining("the TLS handshake failed");
      assertThat(store.log().counts().requests()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsAtOnceWhenItsThreadIsInterrupted(boolean tls) throws Exception {
    try (StoreServer store = store(tls)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      Session session = logins.open(PATIENCE);
      Set<SecretRef> references = logins.references("- name: db/user");
      CountDownLatch arrived = new CountDownLatch(1);
      store
          .faults()
          .plant(
              call -> {
                arrived.countDown();
                return call.kind() == Kind.READ;
              },
              StoreFault.hang());
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread reader =
          new Thread(
              () ->
                  ended.complete(
                      catchThrowable(
                          () ->
                              session.read(
                                  references,
                                  StoreLogins.in(Duration.ofMinutes(5)),
                                  bytes -> {}))));
      reader.start();
      arrived.await();

      reader.interrupt();

      assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void looksWhetherAKeptConnectionLivesBeforeItIsUsed() throws Exception {
    try (StoreServer store = store(false)) {
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      Session session = logins.open(PATIENCE);
      store.up();

      Map<SecretRef, ReadOutcome> outcomes =
          session.read(logins.references("- name: db/user"), StoreLogins.in(PATIENCE), b -> {});

      assertThat(outcomes.values().stream().map(StoreLogins::text)).containsExactly("orders");
      assertThat(store.log().counts().reads()).isEqualTo(1);
      assertThat(store.log().connections()).isEqualTo(2);
    }
  }

  @Test
  void stopsReadingWhereNobodyMayHoldMore() throws Exception {
    try (StoreServer store = store(false)) {
      store.secrets().put("large", "x".repeat(500_000));
      StoreLogins logins = new StoreLogins(DoubleBackend.single(), store);
      Session session = logins.open(PATIENCE);
      Set<SecretRef> references = logins.references("- name: large");
      AtomicLong counted = new AtomicLong();
      MountFailure full = MountFailure.of(Reason.BUSY, "full");

      assertThatThrownBy(
              () ->
                  session.read(
                      references,
                      StoreLogins.in(PATIENCE),
                      bytes -> {
                        if (counted.addAndGet(bytes) > 50_000) {
                          throw full;
                        }
                      }))
          .isSameAs(full);
      assertThat(counted.get()).isLessThan(100_000);
    }
  }
}
