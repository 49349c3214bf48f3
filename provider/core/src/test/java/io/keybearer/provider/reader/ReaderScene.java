package io.keybearer.provider.reader;

import io.keybearer.provider.Backend;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Fault;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.TurnedTicker;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/**
 * A reader on one thread, in time that a test turns. What happens while a request is under way is
 * what its script does.
 */
abstract class ReaderScene {

  static final String ADDRESS = "https://store";

  static final Duration MINTED_FOR = Duration.ofMinutes(10);

  final TurnedTicker time = new TurnedTicker();
  final ScriptedBackend store = new ScriptedBackend();
  final Login login = store.login("web", ADDRESS);
  SecretReader reader = reader(store);

  /** What the store holds: a name and its version, which is also the content. */
  private final Map<String, String> versions = new HashMap<>();

  private final Map<String, MountFailure> failures = new HashMap<>();

  private int mints;

  ReaderScene() {
    store.reading((references, deadline, arrived) -> answers(references));
  }

  SecretReader reader(Backend backend) {
    return new SecretReader(
        name -> backend,
        new SecretReader.Bounds(100, 100, 1_000_000, 1_000_000),
        new SecretReader.Time(time, time, time),
        new DirectThreads());
  }

  @AfterEach
  void closeReader() {
    reader.close();
  }

  /** A mount of that pod, still to be asked for. */
  Asking pod(String name) {
    return new Asking(reader, time, name, login);
  }

  /** What the store answers to a request without faults. */
  Map<SecretRef, ReadOutcome> answers(Set<SecretRef> references) throws MountFailure {
    Map<SecretRef, ReadOutcome> answers = new LinkedHashMap<>();
    for (SecretRef reference : references) {
      String name = ScriptedBackend.nameOf(reference);
      MountFailure failure = failures.get(name);
      if (failure != null && failure.fault().kind() != Fault.Kind.NONE) {
        throw failure;
      }
      answers.put(
          reference,
          failure == null ? new ReadOutcome.Value(value(name)) : new ReadOutcome.Failed(failure));
    }
    return answers;
  }

  /** What the store answers where it makes something for each asker, good for ten minutes. */
  Map<SecretRef, ReadOutcome> minted(Set<SecretRef> references) {
    Map<SecretRef, ReadOutcome> answers = new LinkedHashMap<>();
    for (SecretRef reference : references) {
      String version = "minted " + ++mints;
      answers.put(
          reference,
          new ReadOutcome.Value(
              SecretValue.of(
                      ScriptedBackend.nameOf(reference), version, ScriptedBackend.bytes(version))
                  .mintedFor(MINTED_FOR)));
    }
    return answers;
  }

  SecretValue value(String name) {
    String version = versions.getOrDefault(name, "v1");
    return SecretValue.of(name, version, ScriptedBackend.bytes(name + " " + version));
  }

  /** The secret has that version from now on. */
  void put(String name, String version) {
    versions.put(name, version);
  }

  /** Reading the secret ends so from now on. */
  void fail(String name, MountFailure failure) {
    failures.put(name, failure);
  }

  /** Reading the secret succeeds again. */
  void repair(String name) {
    failures.remove(name);
  }

  static MountFailure denied() {
    return MountFailure.of(Reason.ACCESS_DENIED, "denied", "see the policy");
  }

  static MountFailure missing() {
    return MountFailure.of(Reason.NOT_FOUND, "no such secret", "create it");
  }

  static MountFailure loggedOut() {
    return MountFailure.of(Reason.LOGIN_FAILED, "session not known", "log in");
  }

  static MountFailure fault(Fault.Kind kind) {
    return MountFailure.of(Reason.STORE_UNAVAILABLE, kind.name(), "see the store")
        .because(Fault.of(kind));
  }

  static MountFailure throttled(int seconds) {
    return MountFailure.of(Reason.STORE_UNAVAILABLE, "slow down", "wait")
        .because(Fault.throttled(Duration.ofSeconds(seconds)));
  }

  static Reference own(String name) {
    return Reference.own(name);
  }

  /** How often the store was asked for that. */
  long reads(String name) {
    return store.requests().stream().filter(names -> names.contains(name)).count();
  }

  void pass(int seconds) {
    time.turn(Duration.ofSeconds(seconds));
  }
}
