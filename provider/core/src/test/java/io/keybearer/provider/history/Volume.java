package io.keybearer.provider.history;

import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A volume of a pod, as the driver sees it. */
final class Volume {

  /** The token that kubelet last gave to it. */
  static final class Token {
    private final String text;
    private final long expires;
    private boolean revoked;

    Token(String text, long expires) {
      this.text = text;
      this.expires = expires;
    }

    String text() {
      return text;
    }

    long expires() {
      return expires;
    }

    void revoke() {
      revoked = true;
    }

    boolean isTaken(long now) {
      return !revoked && expires > now;
    }
  }

  private final PodIdentity pod;
  private final String path;
  private final List<Call> calls = new ArrayList<>();
  private final Set<String> answeredUnder = new HashSet<>();
  private VolumeClass asked;
  private Token token;
  private int rotations;

  Volume(PodIdentity pod, String path, VolumeClass asked, long tokenExpires) {
    this.pod = pod;
    this.path = path;
    this.asked = asked;
    this.token = new Token(id() + "#0", tokenExpires);
  }

  PodIdentity pod() {
    return pod;
  }

  String path() {
    return path;
  }

  MountId mount() {
    return new MountId(pod.uid(), path);
  }

  /** What tells it from every other. */
  String id() {
    return pod.uid() + ":" + path;
  }

  VolumeClass asked() {
    return asked;
  }

  void edit(VolumeClass other) {
    asked = other;
  }

  Token token() {
    return token;
  }

  void rotate(long expires) {
    token = new Token(id() + "#" + ++rotations, expires);
  }

  /** Its calls to the process that runs now, or that it was told nothing about. */
  List<Call> calls() {
    return calls;
  }

  Optional<Call> last() {
    return calls.isEmpty() ? Optional.empty() : Optional.of(calls.get(calls.size() - 1));
  }

  /** The parameters that it may be known to have files under. */
  Set<String> answeredUnder() {
    return answeredUnder;
  }

  /** The process that knew it is gone. */
  void forget() {
    calls.clear();
    answeredUnder.clear();
  }
}
