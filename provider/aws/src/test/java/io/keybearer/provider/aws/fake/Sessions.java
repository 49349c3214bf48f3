package io.keybearer.provider.aws.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The credentials that were issued, by their access key ids. */
final class Sessions {

  private final InstantSource clock;
  private final Map<String, FakeSession> issued = new ConcurrentHashMap<>();

  Sessions(InstantSource clock) {
    this.clock = clock;
  }

  FakeSession issue(FakeRole role, String name, Duration asked) {
    Instant end = clock.instant().plus(role.lifeOf(asked));
    return keep(
        new FakeSession(
            role,
            name,
            "ASIA" + RandomText.upper(16),
            RandomText.letters(40),
            "IQoJb3JpZ2luX2Vj" + RandomText.base64(200),
            end));
  }

  FakeSession lasting(FakeRole role) {
    return keep(
        new FakeSession(
            role, "", "AKIA" + RandomText.upper(16), RandomText.letters(40), "", Instant.MAX));
  }

  Optional<FakeSession> find(String accessKeyId) {
    return Optional.ofNullable(issued.get(accessKeyId));
  }

  List<FakeSession> issued() {
    return List.copyOf(issued.values());
  }

  boolean isOver(FakeSession session) {
    return !clock.instant().isBefore(session.expiration());
  }

  /** Lets all that were issued end at once; their keys stay known. */
  void endAll() {
    issued.replaceAll(
        (id, session) ->
            new FakeSession(
                session.role(),
                session.sessionName(),
                id,
                session.secretAccessKey(),
                session.sessionToken(),
                clock.instant()));
  }

  private FakeSession keep(FakeSession session) {
    issued.put(session.accessKeyId(), session);
    return session;
  }
}
