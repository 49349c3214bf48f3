package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.CallLog;
import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.FakeIdentity;
import io.keybearer.provider.fake.FakePort;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.FakeTls;
import io.keybearer.provider.fake.FakeWire;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A Vault or OpenBao server on loopback: HTTP, HTTPS and a standby node, each on a port of its own.
 * It starts unsealed, with KV version 2 at {@code secret/} as a development server has it, and is
 * configured over HTTP with its root token. What is not said over HTTP stands here: faults, the log
 * of calls, and what is alive.
 */
public final class FakeVault implements AutoCloseable {

  private final String rootToken;
  private final String unsealKey;
  private final FakeState state;
  private final Door door;
  private final CallLog<Call> log = new CallLog<>();
  private final Faults<Call> faults = new Faults<>();
  private final FakeAuthority authority = FakeAuthority.named("fake vault CA");
  private volatile BiConsumer<Call, String> listener = (call, credential) -> {};
  private final FakePort plain;
  private final FakePort secure;
  private final FakePort standby;

  private FakeVault(InstantSource clock, Flavour flavour) {
    RandomIds ids = new RandomIds(flavour);
    this.rootToken = "root-" + ids.letters(16);
    this.unsealKey = ids.letters(44);
    this.state = new FakeState(clock, flavour, rootToken);
    this.door = new Door(state, unsealKey);
    FakeIdentity server = authority.server("localhost", "127.0.0.1");
    this.plain = FakePort.ipv4("fake-vault", Optional.empty(), serving(Node.ACTIVE));
    this.secure =
        FakePort.ipv4(
            "fake-vault-tls",
            Optional.of(new FakeTls(server.context(), true)),
            serving(Node.ACTIVE));
    this.standby = FakePort.ipv4("fake-vault-standby", Optional.empty(), serving(Node.STANDBY));
  }

  /** An OpenBao in the machine's own time. */
  public static FakeVault start() {
    return start(InstantSource.system(), Flavour.OPENBAO);
  }

  /** A server in a time that tests turn. */
  public static FakeVault start(InstantSource clock, Flavour flavour) {
    return new FakeVault(clock, flavour);
  }

  /** Where the active node speaks plain HTTP. */
  public URI address() {
    return plain.address();
  }

  /** Where the active node speaks TLS; it takes client certificates of anybody. */
  public URI secureAddress() {
    return secure.address();
  }

  /** Where the standby node is. */
  public URI standbyAddress() {
    return standby.address();
  }

  /** Who has signed the server's certificate, and signs those of clients. */
  public FakeAuthority authority() {
    return authority;
  }

  /** A token that may do anything and never ends. */
  public String rootToken() {
    return rootToken;
  }

  /** The one key that opens the seal. */
  public String unsealKey() {
    return unsealKey;
  }

  /** Every call. */
  public CallLog<Call> log() {
    return log;
  }

  /** What is to go wrong. */
  public Faults<Call> faults() {
    return faults;
  }

  /**
   * Tells of each call from now on, before it is answered.
   *
   * @param told of the call, and of the token or the pod's token that came with it
   */
  public void listen(BiConsumer<Call, String> told) {
    listener = told;
  }

  /** How many connections both ports of the active node were given. */
  public int connections() {
    return plain.connections() + secure.connections();
  }

  /** How many tokens are alive, without the root token and those that wrap answers. */
  public long tokens() {
    synchronized (state) {
      state.expire();
      return state.tokens().all().stream()
          .filter(token -> !token.facts().id().equals(rootToken))
          .filter(token -> !state.wrapped().containsKey(token.facts().id()))
          .count();
    }
  }

  /** How many leases are alive. */
  public int leases() {
    synchronized (state) {
      state.expire();
      return state.leases().all().size();
    }
  }

  /** How many of the things that engines made, users of databases, were not taken back. */
  public int held() {
    synchronized (state) {
      state.expire();
      return state.namespaces().values().stream()
          .flatMap(namespace -> namespace.mounts().values().stream())
          .mapToInt(mount -> mount.engine().held())
          .sum();
    }
  }

  /**
   * What the standby node does from now on.
   *
   * @param health the status of its {@code sys/health}: 429, 472 or 473
   */
  public void standby(Standby how, int health) {
    door.standby(how, health);
  }

  /** Listens no more on any port, until {@link #up}; who is connected is reset. */
  public void down() {
    plain.down();
    secure.down();
    standby.down();
  }

  /** Listens again on the ports that it had. */
  public void up() {
    plain.up();
    secure.up();
    standby.up();
  }

  @Override
  public void close() {
    plain.close();
    secure.close();
    standby.close();
  }

  private FakePort.Service serving(Node node) {
    return (request, wire) -> serve(request, wire, node);
  }

  private void serve(FakeRequest request, FakeWire wire, Node node) throws IOException {
    faults.beLate();
    Call before = call(request);
    listener.accept(before, credential(request));
    Supplier<FakeAnswer> work =
        () -> {
          FakeAnswer answer = door.answer(request, node, address());
          log.add(after(before, answer));
          return answer;
        };
    Optional<Fault<Call>> fault = faults.take(before);
    if (fault.isPresent()) {
      once(fault.get(), before, wire, work);
    } else {
      FakeAnswer answer = work.get();
      wire.send(request.method().equals("HEAD") ? answer.head() : answer.wire());
    }
  }

  private static String credential(FakeRequest request) {
    String token = Dispatcher.shown(request);
    return token.isEmpty()
        ? Json.read(request.body()).map(body -> body.text("jwt")).orElse("")
        : token;
  }

  /** A call that the fault keeps from the server's door is in the log too. */
  private void once(Fault<Call> fault, Call before, FakeWire wire, Supplier<FakeAnswer> work)
      throws IOException {
    if (!fault.works()) {
      log.add(before);
    }
    fault.apply(wire, before, work);
  }

  private Call call(FakeRequest request) {
    synchronized (state) {
      Optional<FakeToken> token = state.tokens().get(Dispatcher.shown(request));
      return new Call(
          request.method(),
          request.path(),
          request.rawQuery(),
          request.header("X-Vault-Namespace"),
          token.map(known -> known.facts().accessor()).orElse(""),
          token.map(known -> known.facts().displayName()).orElse(""),
          0);
    }
  }

  /** With the status, and for a login who it was. */
  private Call after(Call before, FakeAnswer answer) {
    Call done = before.ended(before.accessor(), before.identity(), answer.status());
    if (!done.isLogin()) {
      return done;
    }
    String made = Json.read(answer.body()).map(FakeVault::madeToken).orElse("");
    return state
        .tokens()
        .get(made)
        .map(
            token ->
                before.ended(
                    token.facts().accessor(), token.facts().displayName(), answer.status()))
        .orElse(done);
  }

  private static String madeToken(JsonNode body) {
    return body.text("auth", "client_token");
  }
}
