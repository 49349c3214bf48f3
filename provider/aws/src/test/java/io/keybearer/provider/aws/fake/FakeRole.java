package io.keybearer.provider.aws.fake;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An IAM role, or a user: whom it trusts, what it may do, how long its credentials live. */
public final class FakeRole {

  /** A service account that may take the role, with tokens for one audience. */
  private record Subject(String subject, String audience) {}

  /** Another principal that may take it. */
  private record Principal(String arn, String externalId) {}

  private static final String AUDIENCE = "sts.amazonaws.com";

  private final String arn;
  private final Sessions sessions;
  private final List<Subject> subjects = new CopyOnWriteArrayList<>();
  private final List<Principal> principals = new CopyOnWriteArrayList<>();
  private final List<Permission> allowed = new CopyOnWriteArrayList<>();
  private volatile Duration longest = Duration.ofHours(1);
  private volatile Duration life = Duration.ZERO;

  FakeRole(String arn, Sessions sessions) {
    this.arn = arn;
    this.sessions = sessions;
  }

  /** Its name in all of AWS. */
  public String arn() {
    return arn;
  }

  /** Lets a service account take it with a token for {@code sts.amazonaws.com}. */
  public FakeRole trusts(String namespace, String account) {
    return trusts(namespace, account, AUDIENCE);
  }

  /** The same with a token for another audience. */
  public FakeRole trusts(String namespace, String account, String audience) {
    subjects.add(new Subject("system:serviceaccount:" + namespace + ":" + account, audience));
    return this;
  }

  /** Lets another role take it, by {@code AssumeRole}. */
  public FakeRole trustsRole(String roleArn) {
    return trustsRole(roleArn, "");
  }

  /** The same, if that one names the external id too. */
  public FakeRole trustsRole(String roleArn, String externalId) {
    principals.add(new Principal(roleArn, externalId));
    return this;
  }

  /** Trusts nobody any more; credentials that were issued stay good. */
  public FakeRole trustsNobody() {
    subjects.clear();
    principals.clear();
    return this;
  }

  /**
   * Lets it do something.
   *
   * @param action with {@code *} for any characters, such as {@code secretsmanager:Get*}
   * @param resource an ARN with {@code *} and {@code ?}
   */
  public FakeRole allows(String action, String resource) {
    allowed.add(new Permission(action, resource));
    return this;
  }

  /** Takes what it was allowed for that action, word for word. */
  public FakeRole forbids(String action) {
    allowed.removeIf(permission -> permission.action().equals(action));
    return this;
  }

  /** The longest that credentials may be asked for; an hour if it is not set. */
  public FakeRole maxSession(Duration duration) {
    longest = duration;
    return this;
  }

  /** Issues credentials of that life from now on, whatever is asked for; zero for what is asked. */
  public FakeRole credentialsLive(Duration duration) {
    life = duration;
    return this;
  }

  /** Credentials of this role, without a login, for an hour. */
  public FakeSession session(String name) {
    return sessions.issue(this, name, Duration.ofHours(1));
  }

  /** A key that does not expire and has no session token, as users have them. */
  public FakeSession accessKey() {
    return sessions.lasting(this);
  }

  /** The audience that a token of this subject must have; nothing where it is not trusted. */
  List<String> audiences(String subject) {
    return subjects.stream()
        .filter(trusted -> trusted.subject().equals(subject))
        .map(Subject::audience)
        .toList();
  }

  boolean trustsPrincipal(String roleArn, String externalId) {
    return principals.stream()
        .filter(trusted -> trusted.arn().equals(roleArn))
        .anyMatch(
            trusted -> trusted.externalId().isEmpty() || trusted.externalId().equals(externalId));
  }

  boolean mayDo(String action, String resource) {
    return allowed.stream().anyMatch(permission -> permission.covers(action, resource));
  }

  Duration longest() {
    return longest;
  }

  /** How long credentials live when they are asked for as long as that. */
  Duration lifeOf(Duration asked) {
    Duration fixed = life;
    return fixed.isZero() ? asked : fixed;
  }

  String account() {
    return arn.split(":", -1)[4];
  }

  /** The last part of its name, without a path. */
  String name() {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return arn;
  }
}
