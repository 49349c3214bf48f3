package io.keybearer.provider.aws.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A parameter with its versions and their labels. */
public final class FakeParameter {

  private record Version(int number, String value, ParameterType type, Instant modified) {

    /** Nothing of its value. */
    @Override
    public String toString() {
      return "version " + number;
    }
  }

  private final FakeRegion home;
  private final String name;
  private final List<Version> versions = new ArrayList<>();
  private final Map<String, Integer> labels = new LinkedHashMap<>();
  private final Set<String> readers = new LinkedHashSet<>();
  private String kmsKey = "";

  FakeParameter(FakeRegion home, String name) {
    this.home = home;
    this.name = name;
  }

  /** Its name, with the slash that it may begin with. */
  public String name() {
    return name;
  }

  /** Its ARN, in which a name has one slash before it. */
  public String arn() {
    return home.arn("ssm", home.name(), "parameter" + (name.startsWith("/") ? "" : "/") + name);
  }

  /** Makes the next version of the type that it has; returns its number. */
  public synchronized int put(String value) {
    return put(value, versions.get(versions.size() - 1).type());
  }

  /** Gives a label to a version; whichever had it, has it no more. */
  public synchronized FakeParameter label(int version, String label) {
    labels.put(label, version);
    return this;
  }

  /** The newest version. */
  public synchronized int version() {
    return versions.size();
  }

  /** Encrypts it with a customer's key: reading it in clear needs {@code kms:Decrypt} on that. */
  public synchronized FakeParameter encryptedWith(String keyArn) {
    kmsKey = keyArn;
    return this;
  }

  /** Lets another account read it by its ARN, as a resource share would. */
  public synchronized FakeParameter sharedWith(String account) {
    readers.add(account);
    return this;
  }

  synchronized int put(String value, ParameterType type) {
    int number = versions.size() + 1;
    versions.add(new Version(number, value, type, home.account().now()));
    return number;
  }

  synchronized boolean isReadBy(String account) {
    return account.equals(home.account().id()) || readers.contains(account);
  }

  FakeRegion home() {
    return home;
  }

  /** The key that decrypts it; empty for that of the account, which everybody in it may use. */
  synchronized String kmsKey() {
    boolean isSecure =
        !versions.isEmpty()
            && versions.get(versions.size() - 1).type() == ParameterType.SECURE_STRING;
    return isSecure ? kmsKey : "";
  }

  synchronized boolean hasVersion(int number) {
    return number >= 1 && number <= versions.size();
  }

  /**
   * What an answer has of it; nothing where there is no such version or label.
   *
   * @param selector version or label, empty for the newest
   */
  synchronized Optional<JsonNode.Members> answer(String selector, boolean decrypted) {
    return number(selector)
        .filter(this::hasVersion)
        .map(number -> answer(versions.get(number - 1), selector, decrypted));
  }

  private Optional<Integer> number(String selector) {
    if (selector.isEmpty()) {
      return Optional.of(versions.size());
    }
    return selector.matches("\\d{1,9}")
        ? Optional.of(Integer.parseInt(selector))
        : Optional.ofNullable(labels.get(selector));
  }

  private JsonNode.Members answer(Version version, String selector, boolean decrypted) {
    boolean hidden = version.type() == ParameterType.SECURE_STRING && !decrypted;
    JsonNode.Members answer =
        Json.object(
            "ARN",
            arn(),
            "DataType",
            "text",
            "LastModifiedDate",
            EpochSeconds.of(version.modified()),
            "Name",
            name,
            "Type",
            version.type(),
            "Value",
            hidden ? ciphertext(version.value()) : version.value(),
            "Version",
            version.number());
    return selector.isEmpty()
        ? answer
        : Json.merged(answer, Json.object("Selector", ":" + selector));
  }

  /** No real one, but as long and as unreadable. */
  private static String ciphertext(String value) {
    String text = "ciphertext of " + value.length() + " " + value.hashCode();
    return "AQICAHh" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return arn();
  }
}
