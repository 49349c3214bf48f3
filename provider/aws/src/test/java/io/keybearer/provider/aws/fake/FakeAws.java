package io.keybearer.provider.aws.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
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

  private static final byte[] IPV4 = {127, 0, 0, 1};
  private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final Cloud cloud;
  private final Admission admission;
  private final Services services;
  private final PodIdentity agent;
  private final CallLog log = new CallLog();
  private final Faults faults = new Faults();
  private final AwsPort port;
  private final AwsPort agentPort;
  private Optional<AwsPort> agentPort6 = Optional.empty();
  private volatile BiConsumer<Call, String> listener = (call, credential) -> {};

  private FakeAws(InstantSource clock, Optional<SSLContext> tls) throws IOException {
    this.cloud = new Cloud(clock);
    this.admission = new Admission(cloud.sessions());
    this.services = new Services(cloud, admission);
    this.agent = new PodIdentity(cloud);
    this.port = new AwsPort("fake-aws", local(IPV4), tls, this::serve);
    this.agentPort =
        new AwsPort("fake-pod-identity", local(IPV4), Optional.empty(), this::serveAgent);
  }

  private static InetAddress local(byte[] address) throws UnknownHostException {
    return InetAddress.getByAddress(address);
  }

  /** Services that speak plain HTTP, in the machine's own time. */
  public static FakeAws start() {
    return start(InstantSource.system(), Optional.empty());
  }

  /** Services that speak TLS; the agent does not. */
  public static FakeAws start(SSLContext tls) {
    return start(InstantSource.system(), Optional.of(tls));
  }

  /** Services in a time that tests turn: credentials and tokens live by it, signatures do not. */
  public static FakeAws start(InstantSource clock) {
    return start(clock, Optional.empty());
  }

  /** The same over TLS. */
  public static FakeAws start(InstantSource clock, SSLContext tls) {
    return start(clock, Optional.of(tls));
  }

  private static FakeAws start(InstantSource clock, Optional<SSLContext> tls) {
    try {
      return new FakeAws(clock, tls);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    try {
      if (agentPort6.isEmpty()) {
        agentPort6 =
            Optional.of(
                new AwsPort(
                    "fake-pod-identity-6", local(IPV6), Optional.empty(), this::serveAgent));
      }
      return agentPort6.get().address();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
  public Faults faults() {
    return faults;
  }

  /** Every call, those to the agent too. */
  public CallLog log() {
    return log;
  }

  /** Every call, in the order of their ends. */
  public List<Call> calls() {
    return log.calls();
  }

  /** How many calls there were of an operation, in all regions. */
  public int count(String operation) {
    return log.count(operation);
  }

  /** How many calls there were of an operation in one region. */
  public int count(String operation, String region) {
    return log.count(operation, region);
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
    try {
      port.down();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets them listen again where they did. */
  public void up() {
    try {
      port.up();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    port.close();
    agentPort.close();
    agentPort6.ifPresent(AwsPort::close);
  }

  private void serve(AwsRequest request, AwsWire wire) throws IOException {
    Asked asked = Asked.of(request);
    String session = request.header("X-Amz-Security-Token");
    listener.accept(
        asked.call(), session.isEmpty() ? asked.input().text("WebIdentityToken") : session);
    serve(asked, wire, () -> services.answer(request, asked));
  }

  private void serveAgent(AwsRequest request, AwsWire wire) throws IOException {
    Asked asked = Asked.ofAgent(request);
    listener.accept(asked.call(), asked.input().text("Token"));
    serve(asked, wire, () -> agent.answer(request));
  }

  private void serve(Asked asked, AwsWire wire, Supplier<AwsAnswer> work) throws IOException {
    Call call = asked.call();
    Fault.pause(faults.latency());
    Supplier<AwsAnswer> logged =
        () -> {
          AwsAnswer answer = work.get();
          log.add(call.ended(answer.status()));
          return answer;
        };
    Optional<Fault> fault = faults.take(call);
    if (fault.isEmpty()) {
      wire.send(logged.get().wire());
      return;
    }
    if (!fault.get().works()) {
      log.add(call.ended(fault.get().status()));
    }
    fault.get().apply(wire, asked, logged);
  }
}
