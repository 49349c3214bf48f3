package io.keybearer.provider.vault;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAnswer;
import java.util.List;
import java.util.Optional;

/**
 * How failures of a server are told: the words of the official providers, which people search for,
 * and behind them what they leave out.
 */
final class VaultFailures {

  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int FAILED = 500;
  private static final int NOT_INITIALISED = 501;
  private static final int UNAVAILABLE = 503;

  /** Vault Enterprise: a secondary for disasters, a standby that only reads. */
  private static final int SECONDARY = 472;

  private static final int READING_STANDBY = 473;

  private final VaultIdentity identity;

  /** Failures of who logs in so. */
  VaultFailures(VaultIdentity identity) {
    this.identity = identity;
  }

  /** What is told before every failure that is not about the SecretProviderClass alone. */
  static MountFailure worded(MountFailure failure) {
    return failure.worded("error making mount request: couldn't read secret");
  }

  /** A problem of a secret's content. */
  static MountFailure inSecret(String secretPath, ContentException problem) {
    String told = "{" + secretPath + "}: {" + problem.getMessage() + "}";
    return worded(
        problem.remedy().isEmpty()
            ? MountFailure.of(problem.reason(), told)
            : MountFailure.of(problem.reason(), told, problem.remedy()));
  }

  /** A response without data. */
  static MountFailure empty(String path, Optional<VaultResponse> response) {
    List<String> warnings = response.map(VaultResponse::warnings).orElse(List.of());
    String told =
        "empty response from "
            + Quoted.of(path)
            + ", warnings: ["
            + VaultErrors.line(String.join(" ", warnings))
            + "]";
    return worded(
        response.flatMap(VaultResponse::wrapInfo).isPresent()
            ? MountFailure.of(
                Reason.INVALID_PARAMETERS, told + ", it is wrapped", "read it without wrapping")
            : MountFailure.of(
                Reason.NOT_FOUND, told, "see whether something is stored at that path"));
  }

  /** A login that was not taken. */
  MountFailure login(HttpAnswer answer, String url) {
    return login("POST", url, answer);
  }

  /** A login within another request that was not taken. */
  MountFailure login(String verb, String url, HttpAnswer answer) {
    String told = "failed to login: " + block(verb, url, answer);
    return switch (answer.status()) {
      case NOT_FOUND ->
          worded(
              MountFailure.of(
                  Reason.NOT_FOUND,
                  told,
                  "no auth method is mounted at "
                      + Quoted.of(identity.mount())
                      + identity.inNamespace()
                      + ": see vaultAuthMountPath and vaultNamespace"));
      case BAD_REQUEST, FORBIDDEN, 401 ->
          worded(MountFailure.of(Reason.LOGIN_FAILED, told, identity.remedyOfLogin()));
      default -> other(told, answer);
    };
  }

  /** A login whose answer is not understood. */
  static MountFailure unreadableLogin(String url, MountFailure problem) {
    return worded(
        MountFailure.of(problem.reason(), "failed to login: POST " + url + ": " + problem.cause()));
  }

  /** A login that was answered without a token. */
  MountFailure noToken(String url, String why, String remedy) {
    return worded(
        MountFailure.of(Reason.PRECONDITION, "failed to login: POST " + url + " " + why, remedy));
  }

  /** A read that the store's policy forbids. */
  MountFailure denied(String verb, String url, HttpAnswer answer) {
    return worded(
        MountFailure.of(
            Reason.ACCESS_DENIED,
            "error requesting secret: " + block(verb, url, answer),
            "allow it in a policy of " + identity));
  }

  /** A session that is not taken any more. */
  MountFailure tokenOver(String verb, String url, HttpAnswer answer) {
    return worded(
        MountFailure.of(
            Reason.LOGIN_FAILED,
            "error requesting secret: " + block(verb, url, answer),
            "the token of " + identity + " is over or revoked"));
  }

  /** Any other answer to a read. */
  MountFailure read(String verb, String url, HttpAnswer answer) {
    String told = "error requesting secret: " + block(verb, url, answer);
    return switch (answer.status()) {
      case NOT_FOUND ->
          worded(
              MountFailure.of(Reason.NOT_FOUND, told + deleted(answer), remedyOfNotFound(answer)));
      case NOT_ALLOWED ->
          worded(
              MountFailure.of(Reason.INVALID_PARAMETERS, told, "see which method that path takes"));
      case 301, 302, 303 ->
          worded(MountFailure.of(Reason.INVALID_PARAMETERS, told, "see the path and the address"));
      default -> other(told, answer);
    };
  }

  private MountFailure other(String told, HttpAnswer answer) {
    int status = answer.status();
    if (status < 500 && answer.fault().kind() == Fault.Kind.NONE && !isStandby(status)) {
      return worded(
          MountFailure.of(
              Reason.INVALID_PARAMETERS, told, "see what that path takes; asked as " + identity));
    }
    boolean closed = isClosed(answer);
    Reason reason = closed ? Reason.PRECONDITION : Reason.STORE_UNAVAILABLE;
    return worded(MountFailure.of(reason, told, remedy(answer, closed)).because(fault(answer)));
  }

  private static String remedy(HttpAnswer answer, boolean closed) {
    if (closed) {
      return "unseal or unlock it, or wait for the one that does";
    }
    return answer.fault().kind() == Fault.Kind.THROTTLED
        ? "a quota of the store is reached"
        : "look at the store's own log";
  }

  /** Whether nobody can be served before somebody opens it. */
  private static boolean isClosed(HttpAnswer answer) {
    return answer.status() == NOT_INITIALISED
        || (answer.status() == UNAVAILABLE
            && (VaultErrors.say(answer.body(), "sealed")
                || VaultErrors.say(answer.body(), "locked")));
  }

  /** What such an answer means to whoever decides what is tried again. */
  static Fault fault(HttpAnswer answer) {
    Fault.Kind kind = answer.fault().kind();
    boolean refused = isClosed(answer) || isStandby(answer.status()) || hasNoActive(answer);
    return refused && kind != Fault.Kind.THROTTLED
        ? Fault.of(Fault.Kind.NOT_SERVING)
        : answer.fault();
  }

  /** Whether it is the answer of a server that can't serve, so that another one may. */
  static boolean isOfAnotherServer(HttpAnswer answer) {
    return fault(answer).kind() == Fault.Kind.NOT_SERVING;
  }

  private static boolean isStandby(int status) {
    return status == SECONDARY || status == READING_STANDBY;
  }

  /** A standby that can hand nothing on says so with either status. */
  private static boolean hasNoActive(HttpAnswer answer) {
    return (answer.status() == UNAVAILABLE && VaultErrors.say(answer.body(), "no active"))
        || (answer.status() == FAILED
            && VaultErrors.say(answer.body(), "active cluster node not found"));
  }

  /** The block in which the official providers show an answer, on one line. */
  private static String block(String verb, String url, HttpAnswer answer) {
    String namespace =
        answer
            .header("x-vault-namespace")
            .filter(text -> !text.isEmpty() && !text.equals("root/"))
            .map(text -> " Namespace: " + VaultErrors.line(text))
            .orElse("");
    return "Error making API request."
        + namespace
        + " URL: "
        + verb
        + " "
        + url
        + " Code: "
        + answer.status()
        + ". "
        + VaultErrors.told(answer.body());
  }

  /** A deleted version of KV version 2 answers with what is left of it. */
  private static String deleted(HttpAnswer answer) {
    return VaultErrors.isDeleted(answer.body()) ? " (that version was deleted)" : "";
  }

  private String remedyOfNotFound(HttpAnswer answer) {
    if (VaultErrors.isDeleted(answer.body())) {
      return "undelete it, or name another version";
    }
    if (VaultErrors.say(answer.body(), "no handler for route")) {
      return "no secrets engine is mounted there" + identity.inNamespace() + ": see its path";
    }
    if (VaultErrors.say(answer.body(), "namespace not found")) {
      return "see vaultNamespace and the object's namespace";
    }
    return "see the path; that of KV version 2 has data/ behind its mount";
  }
}
