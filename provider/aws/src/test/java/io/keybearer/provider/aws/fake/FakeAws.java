package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.CallLog;
import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.FakePort;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.FakeTls;
import io.keybearer.provider.fake.FakeWire;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.PodTokens;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The services of AWS that Keybearer calls, on loopback: Secrets Manager, Parameter Store and STS
 * of all regions on one port, and the Pod Identity agent on two others. It verifies signatures,
 * tokens and permissions as AWS does; who and what there is, is told here.
 */
public final class FakeAws implements AutoCloseable {

  /** The audience of tokens for STS. */
  public static final String STS = "sts.amazonaws.com";

  /** The audience of tokens for the Pod Identity agent. */
  public static final String POD_IDENTITY = "pods.eks.amazonaws.com";

  private final Cloud cloud;
  private final Admission admission;
  private final Services services;
  private final PodIdentity agent;
  private final CallLog<Call> log = new CallLog<>();
  private final Faults<Call> faults = new Faults<>();
  private final FakePort port;
  private final FakePort agentPort;
  private Optional<FakePort> agentPort6 = Optional.empty();
  private volatile BiConsumer<Call, String> listener = (call, credential) -> {};

  private FakeAws(InstantSource clock, Optional<FakeTls> tls) {
    this.cloud = new Cloud(clock);
    this.admission = new Admission(cloud.sessions());
    this.services = new Services(cloud, admission);
    this.agent = new PodIdentity(cloud);
    this.port = FakePort.ipv4("fake-aws", tls, this::serve);
    this.agentPort = FakePort.ipv4("fake-pod-identity", Optional.empty(), this::serveAgent);
  }

  /** Services that speak plain HTTP, in the machine's own time. */
  public static FakeAws start() {
    return new FakeAws(InstantSource.system(), Optional.empty());
  }

  /** Services that speak TLS; the agent does not. */
  public static FakeAws start(SSLContext tls) {
    return start(InstantSource.system(), tls);
  }

  /** Services in a time that tests turn: credentials and tokens live by it, signatures do not. */
  public static FakeAws start(InstantSource clock) {
    return new FakeAws(clock, Optional.empty());
  }

  /** The same over TLS. */
  public static FakeAws start(InstantSource clock, SSLContext tls) {
    return new FakeAws(clock, Optional.of(new FakeTls(tls, false)));
  }

  /** A new cluster of EKS, with an issuer of its own, that nobody trusts yet. */
  public static PodTokens cluster(InstantSource clock) {
    return PodTokens.ec(clock, issuer());
  }

  /** A new issuer, as EKS names them. */
  static String issuer() {
    return "https://oidc.eks.eu-west-1.amazonaws.com/id/" + RandomText.upper(32);
  }

  /** Where the services are, for every region. */
  public URI endpoint() {
    return port.address();
  }

  /** Where the Pod Identity agent is; its path is {@code /v1/credentials}. */
  public URI agentEndpoint() {
    return agentPort.address();
  }

  /** The same on {@code ::1}; started when it is first asked for. */
  public synchronized URI agentEndpointIpv6() {
    if (agentPort6.isEmpty()) {
      agentPort6 =
          Optional.of(FakePort.ipv6("fake-pod-identity-6", Optional.empty(), this::serveAgent));
    }
    return agentPort6.get().address();
  }

  /** An account; each exists. */
  public FakeAccount account(String id) {
    return cloud.account(id);
  }

  /** A role, or a user; made when it is first asked for, trusting nobody and allowed nothing. */
  public FakeRole role(String arn) {
    return cloud.role(arn);
  }

  /** Lets tokens of a cluster prove who a pod is, in all accounts. */
  public FakeAws trusts(PodTokens tokens) {
    cloud.trust(tokens.issuer(), tokens.publicKey());
    return this;
  }

  /** Gives pods of a service account the credentials of a role, by the agent. */
  public FakeAws associate(String namespace, String account, String roleArn) {
    agent.associate(namespace, account, cloud.role(roleArn));
    return this;
  }

  /** Takes that back. */
  public FakeAws dissociate(String namespace, String account) {
    agent.dissociate(namespace, account);
    return this;
  }

  /** Lets all credentials that were issued expire now. */
  public FakeAws expireCredentials() {
    cloud.sessions().endAll();
    return this;
  }

  /** All credentials that were issued, for whoever looks whether somebody tells them. */
  public List<FakeSession> issued() {
    return cloud.sessions().issued();
  }

  /** Another clock to check the times of signatures by. */
  public FakeAws signingClock(InstantSource clock) {
    admission.signingClock(clock);
    return this;
  }

  /** How many bytes of values a batch of secrets answers before it goes on with the next page. */
  public FakeAws batchBytes(int bytes) {
    cloud.batchBytes(bytes);
    return this;
  }

  /**
   * Tells of each call as it arrives, before anything is answered, and what it proves itself with:
   * a session token, or that of a pod; empty for neither.
   */
  public void listen(BiConsumer<Call, String> to) {
    listener = to;
  }

  /** What is to go wrong. */
  public Faults<Call> faults() {
    return faults;
  }

  /** Every call, those to the agent too. */
  public CallLog<Call> log() {
    return log;
  }

  /** Every call, in the order of their ends. */
  public List<Call> calls() {
    return log.calls();
  }

  /** How many calls there were of an operation, in all regions. */
  public int count(String operation) {
    return count(operation, Call.ANY);
  }

  /** How many calls there were of an operation in one region. */
  public int count(String operation, String region) {
    return log.count(Call.to(operation, region));
  }

  /** Forgets the calls and takes the faults out; what the services hold stays. */
  public void reset() {
    log.clear();
    faults.clear();
  }

  /** How many connections the services were given, without those to the agent. */
  public int connections() {
    return port.connections();
  }

  /** Lets the services listen no more, until {@link #up}; who is connected is reset. */
  public void down() {
    port.down();
  }

  /** Lets them listen again where they did. */
  public void up() {
    port.up();
  }

  @Override
  public synchronized void close() {
    port.close();
    agentPort.close();
    agentPort6.ifPresent(FakePort::close);
  }

  private void serve(FakeRequest request, FakeWire wire) throws IOException {
    Asked asked = Asked.of(request);
    String session = request.header("X-Amz-Security-Token");
    listener.accept(
        asked.call(), session.isEmpty() ? asked.input().text("WebIdentityToken") : session);
    serve(asked.call(), wire, () -> services.answer(request, asked));
  }

  private void serveAgent(FakeRequest request, FakeWire wire) throws IOException {
    Asked asked = Asked.ofAgent(request);
    listener.accept(asked.call(), asked.input().text("Token"));
    serve(asked.call(), wire, () -> agent.answer(request));
  }

  private void serve(Call call, FakeWire wire, Supplier<FakeAnswer> work) throws IOException {
    faults.beLate();
    Supplier<FakeAnswer> logged =
        () -> {
          FakeAnswer answer = work.get();
          log.add(call.ended(answer.status()));
          return answer;
        };
    Optional<Fault<Call>> fault = faults.take(call);
    if (fault.isEmpty()) {
      wire.send(logged.get().wire());
      return;
    }
    if (!fault.get().works()) {
      log.add(call.ended(fault.get().status()));
    }
    fault.get().apply(wire, call, logged);
  }
}
