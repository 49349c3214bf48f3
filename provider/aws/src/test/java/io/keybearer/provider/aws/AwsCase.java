package io.keybearer.provider.aws;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.ReferenceTraits;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The store with a fake AWS, whose secrets are one file each. */
final class AwsCase implements PeerCase {

  private final HttpStack stack =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private final AwsPeer peer = new AwsPeer(stack::close);
  private final AwsBackend backend =
      new AwsBackend(
          peer.settings(),
          new AwsBackend.Needs(
              () -> stack, () -> AwsPeer.SERVICE_ACCOUNTS, AwsPeer::nobodyKnowsNodes),
          Ticker.system(),
          InstantSource.system());
  private final Map<Pod, Credentials> credentials = new HashMap<>();

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public ReferenceTraits references() {
    return ReferenceTraits.stored();
  }

  @Override
  public Peer peer() {
    return peer;
  }

  /** One batch. */
  @Override
  public Calls firstMount(int secrets) {
    return new Calls(1, 1, 0);
  }

  @Override
  public Fault unreachableLogin() {
    return Fault.of(Fault.Kind.BROKEN);
  }

  @Override
  public void put(String name, SecretBytes content) {
    peer.put(name, content);
  }

  /** A role other than the usual one is taken on with the account's own. */
  @Override
  public MountRequest request(Pod pod, List<String> names) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put(
        "objects",
        names.stream()
            .map(
                name ->
                    "- {objectName: %s, objectType: secretsmanager, objectAlias: %s}"
                        .formatted(peer.name(name), name))
            .collect(Collectors.joining("\n")));
    if (!pod.role().equals("reader")) {
      parameters.put("assumeRoleArn", AwsPeer.ASSUMED);
    }
    return new MountRequest(pod.identity(), "orders-db", pod.targetPath(), 0644, parameters);
  }

  @Override
  public Credentials credentials(Pod pod) {
    return credentials.computeIfAbsent(
        pod,
        each ->
            new Credentials(
                SecretBytes.copyOf(
                    peer.tokens()
                        .driverTokens(
                            new PodTokens.Pod(
                                pod.namespace(),
                                pod.identity().name(),
                                pod.identity().uid(),
                                pod.serviceAccount(),
                                "uid-of-" + pod.namespace() + "-" + pod.serviceAccount()),
                            FakeAws.STS)
                        .getBytes(StandardCharsets.UTF_8)),
                Map.of()));
  }

  @Override
  public void close() {
    peer.close();
    stack.close();
  }
}
