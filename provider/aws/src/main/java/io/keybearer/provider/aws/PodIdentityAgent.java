package io.keybearer.provider.aws;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import io.keybearer.provider.text.ServerText;
import io.keybearer.provider.token.ServiceAccountToken;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * The node's <a href="https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html">EKS Pod
 * Identity</a> agent, at its IPv4 or its IPv6 address: where one can't be reached the other is
 * asked, and what has answered is asked first from then on.
 */
final class PodIdentityAgent {

  private static final String PATH = "/v1/credentials";
  private static final String FAILED = "failed to get AWS config from pod identity agent: ";

  private final AwsSettings.Agent agent;
  private final Supplier<HttpStack> stack;
  private volatile boolean ipv6First;

  PodIdentityAgent(AwsSettings.Agent agent, Supplier<HttpStack> stack) {
    this.agent = agent;
    this.stack = stack;
  }

  /** The credentials of the role that is associated with the pod's service account. */
  TakenCredentials take(AwsIdentity identity, ServiceAccountToken token, Deadline deadline)
      throws MountFailure, InterruptedException {
    List<HttpAddress> addresses =
        switch (identity.login()) {
          case POD_IDENTITY_IPV4 -> List.of(agent.ipv4());
          case POD_IDENTITY_IPV6 -> List.of(agent.ipv6());
          case POD_IDENTITY, IRSA ->
              ipv6First ? List.of(agent.ipv6(), agent.ipv4()) : List.of(agent.ipv4(), agent.ipv6());
        };
    Optional<MountFailure> first = Optional.empty();
    for (HttpAddress address : addresses) {
      try {
        HttpAnswer answer = ask(address, token, deadline);
        ipv6First = address.equals(agent.ipv6());
        return taken(identity, answer);
      } catch (MountFailure failure) {
        boolean elsewhere = failure.fault().kind().connecting() || isLate(failure);
        if (!elsewhere) {
          throw told(failure);
        }
        MountFailure both = first.map(one -> one.and(failure.getMessage())).orElse(failure);
        first = Optional.of(both);
      }
    }
    throw told(first.orElseThrow());
  }

  private static boolean isLate(MountFailure failure) {
    return failure.reason() == Reason.TIMED_OUT;
  }

  private HttpAnswer ask(HttpAddress address, ServiceAccountToken token, Deadline deadline)
      throws MountFailure, InterruptedException {
    Deadline soon = deadline.orEarlier(Deadline.after(agent.timeout(), deadline.ticker()));
    HttpCall call = HttpCall.get(PATH).withSecret("Authorization", token.text());
    return stack.get().send(HttpEndpoint.of(address), call, soon, bytes -> {});
  }

  private static TakenCredentials taken(AwsIdentity identity, HttpAnswer answer)
      throws MountFailure {
    if (!answer.isSuccess()) {
      throw refused(identity, answer);
    }
    JsonNode given = json(answer);
    String key = given.text("AccessKeyId");
    String secret = given.text("SecretAccessKey");
    String token = given.text("Token");
    if (key.isEmpty() || secret.isEmpty() || token.isEmpty()) {
      throw notUnderstood("it holds no credentials");
    }
    return new TakenCredentials(
        AwsSessionCredentials.create(key, secret, token),
        "the role that EKS Pod Identity associates with " + identity.pod(),
        expiration(given.text("Expiration")));
  }

  private static JsonNode json(HttpAnswer answer) throws MountFailure {
    try {
      return JsonTree.read("answer", AwsTexts.text(answer.body()));
    } catch (MountFailure e) {
      throw notUnderstood("it is not JSON");
    }
  }

  private static Instant expiration(String text) throws MountFailure {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw notUnderstood("it tells no expiration");
    }
  }

  private static MountFailure notUnderstood(String why) {
    return MountFailure.of(
            Reason.STORE_UNAVAILABLE,
            "its answer was not understood: " + why,
            "see whether it is the agent that answers there")
        .because(Fault.of(Fault.Kind.BROKEN));
  }

  private static MountFailure refused(AwsIdentity identity, HttpAnswer answer) {
    String told = answer.status() + ": " + ServerText.line(AwsTexts.text(answer.body()));
    if (answer.fault().kind() != Fault.Kind.NONE) {
      return MountFailure.of(Reason.STORE_UNAVAILABLE, told, "see the agent's own log")
          .because(answer.fault());
    }
    return MountFailure.of(
        Reason.LOGIN_FAILED,
        told,
        "see whether service account " + identity.pod() + " has a pod identity association");
  }

  /** The agent is not the service that the session is of. */
  private static MountFailure told(MountFailure failure) {
    Fault fault =
        failure.fault().kind().connecting() ? Fault.of(Fault.Kind.BROKEN) : failure.fault();
    return MountFailure.of(failure.reason(), FAILED + failure.getMessage()).because(fault);
  }
}
