package io.keybearer.provider.vault;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.conformance.Peer;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.Pod;
import io.keybearer.provider.conformance.ReferenceTraits;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.text.GoJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The store with a fake server, whose secrets are one key each. */
final class VaultCase implements PeerCase {

  private static final Instant EXPIRES = Instant.parse("2126-01-01T00:00:00Z");

  private final HttpStack stack =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private final AuthMethod method;
  private final VaultBackend backend;
  private final VaultPeer peer;
  private final Map<Pod, Credentials> credentials = new HashMap<>();

  /** A store whose pods log in so. */
  VaultCase(AuthMethod method) {
    this.method = method;
    this.peer = new VaultPeer(method, stack::close);
    this.backend =
        new VaultBackend(
            VaultDialect.VAULT,
            Plans.settings("", "", TlsSettings.usual(), AllowedAddresses.any()),
            () -> stack,
            Ticker.system(),
            InstantSource.system());
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public ReferenceTraits references() {
    return method == AuthMethod.KUBERNETES
        ? new ReferenceTraits(Scope.UNPROVEN, Scope.SHARED, false, false)
        : new ReferenceTraits(Scope.MOUNT, Scope.MOUNT, false, false);
  }

  @Override
  public Peer peer() {
    return peer;
  }

  /** All secrets are in one folder: what mount it is of is asked once. */
  @Override
  public Calls firstMount(int secrets) {
    return new Calls(1, secrets, method == AuthMethod.KUBERNETES ? 1 : 0);
  }

  @Override
  public void put(String name, SecretBytes content) {
    peer.put(name, content);
  }

  @Override
  public MountRequest request(Pod pod, List<String> names) {
    String objects =
        names.stream()
            .map(
                name ->
                    "- {objectName: %s, secretPath: %s, secretKey: value}"
                        .formatted(name, peer.path(name)))
            .collect(Collectors.joining("\n"));
    return new MountRequest(
        pod.identity(),
        "orders-db",
        pod.targetPath(),
        0644,
        Map.of(
            "vaultAddress",
            peer.address(),
            "roleName",
            pod.role(),
            "authMethod",
            method.text(),
            "vaultAuthMountPath",
            peer.auth(),
            "objects",
            objects));
  }

  @Override
  public Credentials credentials(Pod pod) {
    return credentials.computeIfAbsent(pod, this::issue);
  }

  private Credentials issue(Pod pod) {
    String account = pod.namespace() + "-" + pod.serviceAccount();
    PodTokens.Pod of =
        new PodTokens.Pod(
            pod.namespace(),
            pod.identity().name(),
            pod.identity().uid(),
            pod.serviceAccount(),
            "uid-of-" + account);
    // The role is in the times, so that no two pods have a token in common.
    Instant issued = Instant.EPOCH.plusSeconds(Math.floorMod(pod.role().hashCode(), 1_000_000));
    String token = peer.tokens().issue(of, issued, EXPIRES, "vault");
    peer.issued(token);
    String json =
        GoJson.of(
            Json.object(
                "vault", Json.object("token", token, "expirationTimestamp", EXPIRES.toString())));
    return new Credentials(SecretBytes.copyOf(json.getBytes(StandardCharsets.UTF_8)), Map.of());
  }

  @Override
  public void close() {
    peer.close();
    stack.close();
  }
}
