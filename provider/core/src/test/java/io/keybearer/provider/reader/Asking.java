package io.keybearer.provider.reader;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A mount that a test puts together and asks for. */
final class Asking {

  private final SecretReader reader;
  private final Ticker ticker;
  private final String pod;
  private Login login;
  private String targetPath = "/target";
  private String parameters = "parameters";
  private Freshness freshness =
      new Freshness(Duration.ofSeconds(60), Duration.ZERO, true, List.of());
  private Credentials credentials;
  private Duration budget = Duration.ofSeconds(110);
  private Duration queued = Duration.ZERO;
  private long room = Long.MAX_VALUE;

  Asking(SecretReader reader, Ticker ticker, String pod, Login login) {
    this.reader = reader;
    this.ticker = ticker;
    this.pod = pod;
    this.login = login;
    this.credentials = PodCredentials.of("token of " + pod);
  }

  Asking at(String path) {
    targetPath = path;
    return this;
  }

  Asking with(Login other) {
    login = other;
    return this;
  }

  Asking under(String otherParameters) {
    parameters = otherParameters;
    return this;
  }

  Asking every(int seconds) {
    return every(Duration.ofSeconds(seconds));
  }

  Asking every(Duration interval) {
    freshness = new Freshness(interval, freshness.staleIfError(), freshness.sharing(), List.of());
    return this;
  }

  Asking staleFor(Duration age) {
    freshness = new Freshness(freshness.refreshInterval(), age, freshness.sharing(), List.of());
    return this;
  }

  Asking unshared() {
    freshness =
        new Freshness(freshness.refreshInterval(), freshness.staleIfError(), false, List.of());
    return this;
  }

  Asking token(String token) {
    credentials =
        new Credentials(
            PodCredentials.of(token).serviceAccountTokens(), credentials.nodePublishSecrets());
    return this;
  }

  Asking credentials(Credentials other) {
    credentials = other;
    return this;
  }

  Asking secrets(Map<String, SecretBytes> secrets) {
    credentials = new Credentials(credentials.serviceAccountTokens(), secrets);
    return this;
  }

  Asking within(int seconds) {
    budget = Duration.ofSeconds(seconds);
    return this;
  }

  /** It has waited for its turn for so long. */
  Asking cameBefore(int seconds) {
    queued = Duration.ofSeconds(seconds);
    return this;
  }

  Asking room(long bytes) {
    room = bytes;
    return this;
  }

  /** Asks for shared references of these names. */
  Asked reads(String... names) {
    return reads(List.of(names).stream().map(Reference::new).toArray(Reference[]::new));
  }

  /** Asks for these references. */
  Asked reads(Reference... references) {
    List<PlannedObject> objects = new ArrayList<>();
    for (Reference reference : references) {
      objects.add(ScriptedBackend.object(reference, login));
    }
    String namespace = login.key().namespace();
    PlannedMount planned =
        new PlannedMount(
            new MountId("uid of " + pod, targetPath),
            new PodIdentity(namespace, pod, "uid of " + pod, login.key().serviceAccount()),
            parameters,
            freshness,
            new MountPlan(objects, List.of()));
    Deadline deadline = Deadline.after(budget, ticker);
    SecretReader.Call call =
        new SecretReader.Call(ticker.nanos() - queued.toNanos(), () -> deadline, bytes -> {});
    return new Asked(reader, planned, credentials, room, call);
  }
}
