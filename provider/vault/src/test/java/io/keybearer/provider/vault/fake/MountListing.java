package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code sys/internal/ui/mounts}: which mount is in charge, for tokens that reach it at all. */
final class MountListing implements SystemEngine.Part {

  private static final String BASE = "internal/ui/mounts";

  private final FakeState state;

  MountListing(FakeState state) {
    this.state = state;
  }

  @Override
  public boolean owns(String path) {
    return path.startsWith(BASE);
  }

  @Override
  public Reply serve(EngineCall call) {
    String path = call.behind(BASE).replaceAll("^/+|/+$", "");
    Optional<FakeToken> token = state.tokens().get(Dispatcher.shown(call.request()));
    if (path.isEmpty()) {
      return all(call, token);
    }
    FakeToken known = token.orElseThrow(() -> Refusal.of(403, "permission denied"));
    FakeNamespace namespace = call.mount().namespace();
    FakeMount mount =
        namespace
            .mount(path)
            .filter(found -> reaches(known, found))
            .orElseThrow(() -> refused(path));
    return Reply.data(
        Json.merged(
            MountSettings.facts(mount),
            Json.object("path", mount.path().replaceFirst("^auth/", ""))));
  }

  private Reply all(EngineCall call, Optional<FakeToken> token) {
    Map<String, JsonNode> secret = new LinkedHashMap<>();
    Map<String, JsonNode> auth = new LinkedHashMap<>();
    for (FakeMount mount : call.mount().namespace().mounts().values()) {
      if (token.filter(known -> reaches(known, mount)).isPresent()) {
        boolean isAuth = mount.path().startsWith("auth/");
        (isAuth ? auth : secret)
            .put(mount.path().replaceFirst("^auth/", ""), MountSettings.facts(mount));
      }
    }
    return Reply.data("auth", auth, "secret", secret);
  }

  private static boolean reaches(FakeToken token, FakeMount mount) {
    return new Acl(token).reaches(mount.namespace().path() + mount.path());
  }

  private static Refusal refused(String path) {
    return Refusal.of(
        403,
        "preflight capability check returned 403, please ensure client's policies grant access to"
            + " path \""
            + path
            + "/\"");
  }
}
