package io.keybearer.e2e.store;

import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreSecrets.Version;
import io.keybearer.e2e.store.StoreSessions.Lease;
import io.keybearer.e2e.store.StoreSessions.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Understands requests and answers them from the store's state. */
final class StoreApi {

  private static final String SECRETS = "/v1/secrets/";
  private static final String MINT = "/v1/mint/";
  private static final String PROOF = "/v1/proof/";

  private final StoreIdentities identities;
  private final StoreSecrets secrets;
  private final StoreSessions sessions;
  private final StoreLog log;

  StoreApi(StoreIdentities identities, StoreSecrets secrets, StoreSessions sessions, StoreLog log) {
    this.identities = identities;
    this.secrets = secrets;
    this.sessions = sessions;
    this.log = log;
  }

  /** What a request asks for, and who asks. */
  StoreCall call(long nanos, StoreRequest request) {
    Kind kind = kind(request);
    String identity =
        kind == Kind.LOGIN ? identity(request) : sessions.owner(request.header("x-session"));
    return new StoreCall(nanos, kind, identity, credential(kind, request), paths(kind, request));
  }

  private static String credential(Kind kind, StoreRequest request) {
    return kind == Kind.LOGIN ? token(request) : request.header("x-session");
  }

  private static String token(StoreRequest request) {
    return StoreJson.texts(request.body()).getOrDefault("/token", "");
  }

  private static Kind kind(StoreRequest request) {
    String path = request.path();
    if (request.method().equals("GET")) {
      return path.startsWith(SECRETS)
          ? Kind.READ
          : path.startsWith(PROOF) ? Kind.PROOF : Kind.UNKNOWN;
    }
    if (!request.method().equals("POST")) {
      return Kind.UNKNOWN;
    }
    return switch (path) {
      case "/v1/login" -> Kind.LOGIN;
      case "/v1/batch" -> Kind.BATCH;
      case "/v1/renew" -> Kind.RENEW;
      case "/v1/revoke" -> Kind.REVOKE;
      default -> path.startsWith(MINT) ? Kind.MINT : Kind.UNKNOWN;
    };
  }

  private static List<String> paths(Kind kind, StoreRequest request) {
    return switch (kind) {
      case LOGIN -> List.of(StoreJson.texts(request.body()).getOrDefault("/role", ""));
      case READ -> List.of(request.path().substring(SECRETS.length()));
      case MINT -> List.of(request.path().substring(MINT.length()));
      case PROOF -> List.of(request.path().substring(PROOF.length()));
      case BATCH -> names(StoreJson.texts(request.body()));
      case RENEW, REVOKE, UNKNOWN -> List.of();
    };
  }

  private static List<String> names(Map<String, String> texts) {
    List<String> names = new ArrayList<>();
    for (int i = 0; texts.containsKey("/names/" + i); i++) {
      names.add(texts.getOrDefault("/names/" + i, ""));
    }
    return names;
  }

  private String identity(StoreRequest request) {
    String role = StoreJson.texts(request.body()).getOrDefault("/role", "");
    return identities.identity(role, token(request)).orElse("");
  }

  /** Does what is asked. */
  StoreAnswer answer(StoreCall call, StoreRequest request) {
    if (call.kind() == Kind.UNKNOWN) {
      return StoreAnswer.error(400, "no such request");
    }
    if (call.kind() == Kind.LOGIN) {
      return login(call);
    }
    return sessions
        .session(request.header("x-session"))
        .map(session -> answer(session, call, request))
        .orElseGet(() -> StoreAnswer.error(401, "session unknown, expired or revoked"));
  }

  private StoreAnswer answer(Session session, StoreCall call, StoreRequest request) {
    return switch (call.kind()) {
      case READ -> read(session, call.path(), request.query());
      case BATCH -> batch(session, call.paths());
      case MINT -> mint(session, call.path());
      case PROOF -> proof(session, call.path());
      case RENEW -> {
        long seconds = sessions.renew(session);
        yield StoreAnswer.of(out -> renewal(out, session, seconds));
      }
      case REVOKE -> {
        sessions.revoke(session);
        yield StoreAnswer.empty();
      }
      case LOGIN, UNKNOWN -> throw new IllegalStateException("answered without a session");
    };
  }

  private void renewal(JsonGenerator out, Session session, long seconds) throws IOException {
    out.writeNumberField("ttlSeconds", seconds);
    out.writeArrayFieldStart("items");
    for (Lease lease : sessions.leases()) {
      if (lease.session().equals(session.id())) {
        out.writeStartObject();
        out.writeStringField("name", lease.path());
        out.writeNumberField("ttlSeconds", sessions.seconds(lease));
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  private StoreAnswer login(StoreCall call) {
    boolean known = !call.identity().isEmpty() && !sessions.isRevoked(call.credential());
    boolean granted = known && !sessions.refuses(call.path(), call.identity());
    log.login(call, granted);
    if (!granted) {
      return known
          ? StoreAnswer.error(403, "the role does not take this identity")
          : StoreAnswer.error(401, "token unknown or revoked");
    }
    Session session = sessions.open(call.path(), call.identity());
    return StoreAnswer.of(
        out -> {
          out.writeStringField("session", session.id());
          out.writeNumberField("ttlSeconds", sessions.sessionSeconds());
          out.writeBooleanField("reusable", sessions.isReusable());
        });
  }

  private StoreAnswer read(Session session, String path, String query) {
    if (!query.matches("(version=[1-9]\\d{0,8})?")) {
      return StoreAnswer.error(400, "no such version");
    }
    if (secrets.denies(session.identity(), path)) {
      return denied();
    }
    int number =
        query.isEmpty()
            ? StoreSecrets.NEWEST
            : Integer.parseInt(query.substring("version=".length()));
    return secrets
        .read(path, number)
        .map(version -> StoreAnswer.of(out -> write(out, path, version)))
        .orElseGet(() -> StoreAnswer.error(404, "not found"));
  }

  private static StoreAnswer denied() {
    return StoreAnswer.error(403, "denied");
  }

  private static void write(JsonGenerator out, String path, Version version) throws IOException {
    out.writeStringField("name", path);
    out.writeNumberField("version", version.number());
    out.writeStringField("value", version.value());
  }

  private StoreAnswer batch(Session session, List<String> names) {
    if (names.isEmpty() || names.size() > secrets.batchLimit()) {
      return StoreAnswer.error(400, "a batch has 1 to " + secrets.batchLimit() + " names");
    }
    return StoreAnswer.of(
        out -> {
          out.writeArrayFieldStart("items");
          for (String name : names) {
            out.writeStartObject();
            item(out, session, name);
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private void item(JsonGenerator out, Session session, String name) throws IOException {
    boolean isDenied = secrets.denies(session.identity(), name);
    Optional<Version> version =
        isDenied ? Optional.empty() : secrets.read(name, StoreSecrets.NEWEST);
    if (version.isPresent()) {
      write(out, name, version.get());
    } else {
      out.writeStringField("name", name);
      out.writeStringField("error", isDenied ? "denied" : "not found");
    }
  }

  private StoreAnswer mint(Session session, String path) {
    if (secrets.denies(session.identity(), path)) {
      return denied();
    }
    Lease lease = sessions.mint(session, path);
    String value = path + " under " + lease.id() + ": " + UUID.randomUUID();
    return StoreAnswer.of(
        out -> {
          out.writeStringField("name", path);
          out.writeStringField("lease", lease.id());
          out.writeNumberField("ttlSeconds", sessions.leaseSeconds());
          out.writeStringField("value", base64(value));
        });
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private StoreAnswer proof(Session session, String mount) {
    if (secrets.denies(session.identity(), mount)) {
      return denied();
    }
    return secrets
        .proof(mount)
        .map(shared -> StoreAnswer.of(out -> out.writeBooleanField("shared", shared)))
        .orElseGet(StoreApi::denied);
  }
}
